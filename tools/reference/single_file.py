"""Golden names of single files: `python single_file.py TARGET`.

Makes the tensors of a FLUX.1 transformer of one double and one single block by Black Forest Labs' names, with the rows of the real model
and two columns (the converter cuts rows only, and only of a model 3072 wide), lets diffusers' own converter turn them into its names, and
writes single_file.json: what went in (name, shape) and what came out (name, shape, SHA-256 of the float32 bytes). Number j of a tensor
is ((sum of code point i of its name times i + 1) + j) mod 4093 / 4096, exact in every precision of float32 or better.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import platform
from pathlib import Path

import diffusers
import torch
from diffusers.loaders.single_file_utils import convert_flux_transformer_checkpoint_to_diffusers

D = 3072
HEAD = 128


def stored() -> dict[str, list[int]]:
    shapes: dict[str, list[int]] = {}

    def linear(name: str, rows: int) -> None:
        shapes[f"{name}.weight"] = [rows, 2]
        shapes[f"{name}.bias"] = [rows]

    for name in ("time_in", "vector_in", "guidance_in"):
        linear(f"{name}.in_layer", D)
        linear(f"{name}.out_layer", D)
    linear("img_in", D)
    linear("txt_in", D)
    for stream in ("img", "txt"):
        block = f"double_blocks.0.{stream}"
        linear(f"{block}_mod.lin", 6 * D)
        linear(f"{block}_attn.qkv", 3 * D)
        linear(f"{block}_attn.proj", D)
        linear(f"{block}_mlp.0", 4 * D)
        linear(f"{block}_mlp.2", D)
        shapes[f"{block}_attn.norm.query_norm.scale"] = [HEAD]
        shapes[f"{block}_attn.norm.key_norm.scale"] = [HEAD]
    linear("single_blocks.0.modulation.lin", 3 * D)
    linear("single_blocks.0.linear1", 7 * D)
    linear("single_blocks.0.linear2", D)
    shapes["single_blocks.0.norm.query_norm.scale"] = [HEAD]
    shapes["single_blocks.0.norm.key_norm.scale"] = [HEAD]
    linear("final_layer.adaLN_modulation.1", 2 * D)
    linear("final_layer.linear", 64)
    return shapes


def filled(name: str, shape: list[int]) -> torch.Tensor:
    start = sum(ord(letter) * (i + 1) for i, letter in enumerate(name))
    return (((torch.arange(math.prod(shape)) + start) % 4093).to(torch.float32) / 4096).reshape(shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    target = parser.parse_args().target
    shapes = stored()
    converted = convert_flux_transformer_checkpoint_to_diffusers({name: filled(name, shape) for name, shape in shapes.items()})
    golden = {
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "diffusers": diffusers.__version__},
        "stored": shapes,
        "converted": {
            name: {"shape": list(tensor.shape), "sha256": hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()}
            for name, tensor in sorted(converted.items())
        },
    }
    (target / "single_file.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
