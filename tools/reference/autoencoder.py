"""Golden numbers of the autoencoder: `python autoencoder.py CHECKPOINT TARGET`.

Runs diffusers' own AutoencoderKL in float32 on the CPU over made-up waves: pixels sin(0.05 j) (B, 3, H, W) and latents cos(0.07 j)
(B, C, h, w). autoencoder.json lists the cases with their configurations, the versions and the checkpoint's hash; a safetensors file
a case holds mean and std of the encoded pixels and the pixels of the decoded latents. A case without a checkpoint has weights that
are waves too, whose phases come from their names.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL
from safetensors.torch import save_file

SMALL = {
    "block_out_channels": [32, 64],
    "layers_per_block": 1,
    "latent_channels": 4,
    "use_quant_conv": False,
    "use_post_quant_conv": False,
    "scaling_factor": 1.0,
}
TILED = {
    "block_out_channels": [8, 16],
    "layers_per_block": 1,
    "latent_channels": 4,
    "norm_num_groups": 4,
    "sample_size": 24,
    "scaling_factor": 0.5,
    "shift_factor": 0.25,
}
CASES = {
    "checkpoint": {"pixels": [2, 3, 40, 72], "latents": [1, 16, 9, 5]},
    "checkpoint-least": {"pixels": [1, 3, 8, 8], "latents": [1, 16, 1, 1]},
    "small": {"config": SMALL, "pixels": [1, 3, 16, 16], "latents": [1, 4, 8, 8]},
    "no-attention": {
        "config": SMALL | {"mid_block_add_attention": False},
        "pixels": [1, 3, 10, 14],
        "latents": [1, 4, 5, 7],
    },
    "quant-conv": {"config": TILED, "pixels": [1, 3, 16, 28], "latents": [2, 4, 8, 3]},
    "tiled": {"config": TILED, "tiling": True, "pixels": [2, 3, 64, 50], "latents": [1, 4, 32, 25]},
    "tiled-one-row": {"config": TILED, "tiling": True, "pixels": [1, 3, 20, 64], "latents": [1, 4, 10, 32]},
    "tiled-not-at-all": {"config": TILED, "tiling": True, "pixels": [1, 3, 24, 24], "latents": [1, 4, 12, 12]},
    "tiled-unevenly": {
        "config": TILED | {"sample_size": 22},
        "tiling": True,
        "pixels": [1, 3, 40, 44],
        "latents": [1, 4, 20, 22],
    },
}


def wave(function, frequency: float, shape: list[int]) -> torch.Tensor:
    count = torch.Size(shape).numel()
    return function(frequency * torch.arange(count, dtype=torch.float64)).float().reshape(shape)


def fill(model: torch.nn.Module) -> None:
    for name, tensor in model.state_dict().items():
        phase = 0.01 * (sum(ord(letter) * (i + 1) for i, letter in enumerate(name)) % 997)
        filled = 0.08 * torch.sin(0.37 * torch.arange(tensor.numel(), dtype=torch.float64) + phase)
        if "norm" in name and name.endswith("weight"):
            filled += 1
        tensor.copy_(filled.float().reshape(tensor.shape))


def model(checkpoint: Path, case: dict) -> AutoencoderKL:
    if "config" not in case:
        return AutoencoderKL.from_pretrained(checkpoint, subfolder="vae", torch_dtype=torch.float32).eval()
    blocks = len(case["config"]["block_out_channels"])
    autoencoder = AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * blocks,
        up_block_types=["UpDecoderBlock2D"] * blocks,
        **case["config"],
    ).eval()
    fill(autoencoder)
    return autoencoder


def run(checkpoint: Path, case: dict) -> dict[str, torch.Tensor]:
    autoencoder = model(checkpoint, case)
    if case.get("tiling"):
        autoencoder.enable_tiling()
    posterior = autoencoder.encode(wave(torch.sin, 0.05, case["pixels"])).latent_dist
    pixels = autoencoder.decode(wave(torch.cos, 0.07, case["latents"])).sample
    return {"mean": posterior.mean, "std": posterior.std, "pixels": pixels}


def main(checkpoint: Path, target: Path) -> None:
    listed = []
    with torch.no_grad():
        for name, case in CASES.items():
            tensors = {key: value.contiguous() for key, value in run(checkpoint, case).items()}
            save_file(tensors, target / f"autoencoder-{name}.safetensors")
            listed.append({"name": name, **case, "tensors": {key: list(value.shape) for key, value in tensors.items()}})
    weights = "vae/diffusion_pytorch_model.safetensors"
    manifest = {
        "versions": {
            "diffusers": diffusers.__version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "dtype": "float32",
            "device": "cpu",
        },
        "checkpoint": {weights: hashlib.sha256((checkpoint / weights).read_bytes()).hexdigest()},
        "cases": listed,
    }
    (target / "autoencoder.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    main(arguments.checkpoint, arguments.target)
