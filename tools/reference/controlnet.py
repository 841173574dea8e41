"""Golden numbers of the ControlNet: `python controlnet.py TARGET`.

Runs the real FluxControlNetModel, and the real FluxTransformer2DModel with what the net adds, on made-up weights and inputs, and writes
controlnet.json: of every array its first and last four numbers and its mean. Every tensor is a sine whose phase comes from its name, as
in the Java tests (SafetensorsWriter.filled).
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from pathlib import Path

import diffusers
import torch
from diffusers import FluxControlNetModel, FluxTransformer2DModel

SIZES = {
    "in_channels": 64,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 32,
    "pooled_projection_dim": 24,
    "axes_dims_rope": [4, 6, 6],
}
TRANSFORMER = {"num_layers": 5, "num_single_layers": 4, "guidance_embeds": True}
NETS = {
    "plain": {"num_layers": 2, "num_single_layers": 3, "guidance_embeds": False},
    "union": {"num_layers": 3, "num_single_layers": 1, "guidance_embeds": True, "num_mode": 5},
    "doubles-only": {"num_layers": 4, "num_single_layers": 0, "guidance_embeds": True},
    "singles-only": {"num_layers": 0, "num_single_layers": 2, "guidance_embeds": True},
}
MODE = 3
SCALE = 0.7


def wave(function, *shape: int) -> torch.Tensor:
    return torch.tensor([function(j) for j in range(math.prod(shape))], dtype=torch.float64).float().reshape(shape)


def filled(model: torch.nn.Module) -> torch.nn.Module:
    for name, tensor in model.state_dict().items():
        phase = 0.01 * (sum(ord(letter) * (i + 1) for i, letter in enumerate(name)) % 997)
        values = 0.08 * torch.sin(0.37 * torch.arange(tensor.numel(), dtype=torch.float64) + phase)
        values = values.float()
        if "norm" in name and name.endswith("weight") and not name.endswith("linear.weight"):
            values = values + 1
        tensor.copy_(values.reshape(tensor.shape))
    return model.eval()


def seen(tensor: torch.Tensor) -> dict:
    flat = tensor.flatten().tolist()
    return {"first": flat[:4], "last": flat[-4:], "mean": tensor.double().mean().item()}


def case(name: str, sizes: dict, transformer: FluxTransformer2DModel) -> dict:
    net = filled(FluxControlNetModel(**SIZES, **sizes))
    rows = torch.tensor([[0, row, column] for row in range(2) for column in range(2)], dtype=torch.float32)
    inputs = {
        "hidden_states": wave(lambda j: math.sin(0.05 * j), 2, 4, 64),
        "encoder_hidden_states": wave(lambda j: math.cos(0.03 * j), 2, 5, 32),
        "pooled_projections": wave(lambda j: math.sin(0.2 * j), 2, 24),
        "timestep": torch.tensor([0.75, 0.75]),
        "img_ids": rows,
        "txt_ids": torch.zeros(5, 3),
        "return_dict": False,
    }
    guidance = torch.tensor([3.5, 3.5])
    doubles, singles = net(
        controlnet_cond=wave(lambda j: math.cos(0.07 * j), 2, 4, 64),
        controlnet_mode=torch.tensor([[MODE], [MODE]]) if "num_mode" in sizes else None,
        conditioning_scale=SCALE,
        guidance=guidance if sizes["guidance_embeds"] else None,
        **inputs,
    )
    velocity = transformer(
        controlnet_block_samples=doubles, controlnet_single_block_samples=singles, guidance=guidance, **inputs
    )[0]
    return {
        "name": name,
        "config": {"_class_name": "FluxControlNetModel", **SIZES, **sizes},
        "doubles": [seen(sample) for sample in doubles or []],
        "singles": [seen(sample) for sample in singles or []],
        "velocity": seen(velocity),
    }


@torch.no_grad()
def main(target: Path) -> None:
    transformer = filled(FluxTransformer2DModel(**SIZES, **TRANSFORMER))
    golden = {
        "versions": {
            "diffusers": diffusers.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "dtype": "float32",
            "device": "cpu",
        },
        "transformer": {"_class_name": "FluxTransformer2DModel", **SIZES, **TRANSFORMER},
        "mode": MODE,
        "scale": SCALE,
        "cases": [case(name, sizes, transformer) for name, sizes in NETS.items()],
    }
    (target / "controlnet.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    main(parser.parse_args().target)
