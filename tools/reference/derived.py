"""Checkpoints of the other pipelines, derived from the tiny one: `python derived.py CHECKPOINT KIND TARGET`.

A derived checkpoint is the tiny one with its transformer changed as the kind needs it: more input columns (control, fill, flex), no
guidance embedder (de-distilled), or a ControlNet made of the transformer's own blocks. What the tiny one does not have is filled by a
recipe in integers that Java repeats bit for bit, so that no derived file is ever committed. Nothing here was trained: these
weights only show that two programs compute the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

WEIGHTS = "diffusion_pytorch_model.safetensors"
COLUMNS = {"control": 128, "fill": 384, "flex": 196}
AMPLITUDES = {"control": 0.25, "fill": 0.15, "flex": 0.25}
CONTROLNETS = {
    "controlnet": {"num_layers": 2, "num_single_layers": 3, "num_mode": None},
    "controlnet-double": {"num_layers": 2, "num_single_layers": 0, "num_mode": None},
    "controlnet-union": {"num_layers": 1, "num_single_layers": 2, "num_mode": 5},
}
KINDS = ["tiny", "de-distilled", *COLUMNS, *CONTROLNETS]


def recipe(name: str, shape: tuple[int, ...], amplitude: float) -> np.ndarray:
    """Evenly spread numbers within +-amplitude, float32: FNV-1a of the name, then splitmix64's finaliser of each index."""
    wrap = (1 << 64) - 1
    seed = 0xCBF29CE484222325
    for byte in name.encode("utf-8"):
        seed = ((seed ^ byte) * 0x100000001B3) & wrap
    index = np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return ((2 * unit - 1) * amplitude).astype(np.float32).reshape(shape)


def widened(tensors: dict[str, np.ndarray], kind: str) -> dict[str, np.ndarray]:
    old = tensors["x_embedder.weight"]
    more = recipe(f"{kind}.x_embedder.weight", (old.shape[0], COLUMNS[kind] - old.shape[1]), AMPLITUDES[kind])
    return tensors | {"x_embedder.weight": np.concatenate([old, more], axis=1)}


def without_guidance(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: tensor for name, tensor in tensors.items() if ".guidance_embedder." not in name}


def controlnet(tensors: dict[str, np.ndarray], kind: str) -> dict[str, np.ndarray]:
    counts = CONTROLNETS[kind]
    kept = {}
    for name, tensor in tensors.items():
        part, _, rest = name.partition(".")
        index = rest.partition(".")[0]
        if part in ("x_embedder", "context_embedder", "time_text_embed"):
            kept[name] = tensor
        if part == "transformer_blocks" and int(index) < counts["num_layers"]:
            kept[name] = tensor
        if part == "single_transformer_blocks" and int(index) < counts["num_single_layers"]:
            kept[name] = tensor
    inner, features = tensors["x_embedder.weight"].shape

    def linear(name: str, inputs: int) -> None:
        kept[f"{name}.weight"] = recipe(f"{kind}.{name}.weight", (inner, inputs), 0.05)
        kept[f"{name}.bias"] = recipe(f"{kind}.{name}.bias", (inner,), 0.05)

    for index in range(counts["num_layers"]):
        linear(f"controlnet_blocks.{index}", inner)
    for index in range(counts["num_single_layers"]):
        linear(f"controlnet_single_blocks.{index}", inner)
    linear("controlnet_x_embedder", features)
    if counts["num_mode"]:
        name = "controlnet_mode_embedder.weight"
        kept[name] = recipe(f"{kind}.{name}", (counts["num_mode"], inner), 1.0)
    return kept


def derive(checkpoint: Path, kind: str, target: Path) -> Path:
    """Writes the folder of a kind: a whole pipeline's, or a ControlNet's own two files."""
    tensors = load_file(checkpoint / "transformer" / WEIGHTS)
    config = json.loads((checkpoint / "transformer" / "config.json").read_text())
    folder = target / kind
    if kind in CONTROLNETS:
        del config["out_channels"]
        config |= {"_class_name": "FluxControlNetModel", "conditioning_embedding_channels": None, **CONTROLNETS[kind]}
        return written(folder, controlnet(tensors, kind), config)
    shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("transformer"))
    config["out_channels"] = config["in_channels"]
    if kind in COLUMNS:
        config["in_channels"] = COLUMNS[kind]
        tensors = widened(tensors, kind)
    if kind == "de-distilled":
        config["guidance_embeds"] = False
        tensors = without_guidance(tensors)
    written(folder / "transformer", tensors, config)
    return folder


def written(folder: Path, tensors: dict[str, np.ndarray], config: dict) -> Path:
    folder.mkdir(parents=True)
    save_file(tensors, folder / WEIGHTS)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    return folder


def contents(file: Path) -> str:
    """SHA-256 of the tensors' names, shapes and bytes in the names' order, whatever the order in the file."""
    digest = hashlib.sha256()
    for name, tensor in sorted(load_file(file).items()):
        digest.update(f"{name} {','.join(map(str, tensor.shape))}\n".encode())
        digest.update(np.ascontiguousarray(tensor, dtype="<f4").tobytes())
    return digest.hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    print(derive(arguments.checkpoint, arguments.kind, arguments.target))
