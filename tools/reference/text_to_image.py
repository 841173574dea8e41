"""Golden numbers of text to image: `python text_to_image.py CHECKPOINT TARGET`.

Runs diffusers' own FluxPipeline in float32 on the CPU and writes, a safetensors file a case, the noise it began with (B, 16, h, w),
the packed latents it ended with (B, h/2 * w/2, 64), the pixels before rounding (B, 3, H, W; 0 to 1) and CLIP's pooled output
(P, 64); for the cases that ask for it T5's last hidden states (P, T, 64) too. text_to_image.json lists the cases with the
arguments of the call, the versions and the checkpoint's hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from pathlib import Path

import diffusers
import torch
import transformers
from diffusers import FluxPipeline
from safetensors.torch import save_file

RED_CIRCLE = "a large red circle at the left of a white background"
BLUE_CROSS = "a small blue cross on a gray background, at the top"
GREEN_TRIANGLE = "big green triangle in the middle, black background"
CASES = {
    "default-call": {"prompt": RED_CIRCLE, "seed": 0},
    "wide": {"prompt": BLUE_CROSS, "seed": 42, "width": 96, "height": 64, "steps": 4},
    "large": {"prompt": GREEN_TRIANGLE, "seed": 7, "width": 128, "height": 128, "steps": 4},
    "two-prompts": {"prompt": [RED_CIRCLE, BLUE_CROSS], "seed": 1, "steps": 4},
    "two-images-a-prompt": {"prompt": GREEN_TRIANGLE, "seed": 2, "steps": 4, "images": 2},
    "no-guidance": {"prompt": RED_CIRCLE, "seed": 3, "steps": 8, "guidance": 1.0},
    "second-prompt": {"prompt": RED_CIRCLE, "prompt_2": BLUE_CROSS, "seed": 4, "steps": 8},
    "negative-prompt": {
        "prompt": BLUE_CROSS,
        "negative_prompt": "a large yellow square in the center of a white background",
        "true_cfg_scale": 3.0,
        "seed": 5,
        "steps": 8,
    },
    "short-text": {"prompt": GREEN_TRIANGLE, "seed": 6, "steps": 8, "text_positions": 64, "hidden": True},
    "own-sigmas": {"prompt": BLUE_CROSS, "seed": 8, "sigmas": [1.0, 0.8, 0.55, 0.3, 0.1]},
    "a-generator-an-image": {"prompt": [BLUE_CROSS, GREEN_TRIANGLE], "seeds": [11, 12], "steps": 4},
    "negative-seed": {"prompt": RED_CIRCLE, "seed": -5, "steps": 1},
    "no-words": {"prompt": "", "seed": 9, "steps": 4, "hidden": True},
}
DEFAULTS = {"width": 64, "height": 64, "steps": 28, "guidance": 3.5, "text_positions": 512, "images": 1}


def generators(case: dict):
    if "seeds" in case:
        return [torch.Generator().manual_seed(seed) for seed in case["seeds"]]
    return torch.Generator().manual_seed(case["seed"])


def run(pipeline: FluxPipeline, case: dict) -> dict[str, torch.Tensor]:
    prompts = [case["prompt"]] if isinstance(case["prompt"], str) else case["prompt"]
    call = {
        "prompt": case["prompt"],
        "prompt_2": case.get("prompt_2"),
        "negative_prompt": case.get("negative_prompt"),
        "true_cfg_scale": case.get("true_cfg_scale", 1.0),
        "height": case["height"],
        "width": case["width"],
        "num_inference_steps": case["steps"],
        "sigmas": case.get("sigmas"),
        "guidance_scale": case["guidance"],
        "num_images_per_prompt": case["images"],
        "max_sequence_length": case["text_positions"],
    }
    count = len(prompts) * case["images"]
    latents = pipeline(**call, generator=generators(case), output_type="latent").images
    pixels = pipeline(**call, generator=generators(case), output_type="pt").images
    noise = pipeline._unpack_latents(
        pipeline.prepare_latents(
            count, 16, case["height"], case["width"], torch.float32, torch.device("cpu"), generators(case)
        )[0],
        case["height"],
        case["width"],
        pipeline.vae_scale_factor,
    )
    hidden, pooled, _ = pipeline.encode_prompt(
        case["prompt"], case.get("prompt_2"), max_sequence_length=case["text_positions"]
    )
    tensors = {"noise": noise, "latents": latents, "pixels": pixels, "pooled": pooled}
    if case.get("hidden"):
        tensors["hidden"] = hidden
    return {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}


def versions() -> dict[str, str]:
    return {
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "dtype": "float32",
        "device": "cpu",
    }


def main(checkpoint: Path, target: Path) -> None:
    pipeline = FluxPipeline.from_pretrained(checkpoint, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    target.mkdir(parents=True, exist_ok=True)
    listed = []
    with torch.no_grad():
        for name, given in CASES.items():
            case = DEFAULTS | given
            tensors = run(pipeline, case)
            save_file(tensors, target / f"{name}.safetensors")
            case.pop("hidden", None)
            if "sigmas" in case:
                case["steps"] = len(case["sigmas"])
            listed.append({"name": name, **case, "tensors": {key: list(value.shape) for key, value in tensors.items()}})
    hashes = {
        path.relative_to(checkpoint).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(checkpoint.rglob("*.safetensors"))
    }
    manifest = {"versions": versions(), "checkpoint": hashes, "cases": listed}
    (target / "text_to_image.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    main(arguments.checkpoint, arguments.target)
