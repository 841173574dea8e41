"""Golden numbers of the other pipelines: `python pipelines.py CHECKPOINT TARGET [--flex FILE] [--de-distill FILE] [--only NAME]... [--dtype DTYPE]`.

Runs the classes of diffusers, and the two pipelines of Pallaidium whose files are given (they are not part of diffusers), in float32 on
the CPU, or with --dtype the cases of HALF in another precision, over checkpoints derived from CHECKPOINT (derived.py). Writes a folder a pipeline: cases.json with every argument of every
call, the versions and the hashes, and a safetensors file a case with the packed latents after the last step
(B, h/2 * w/2, 64) and the pixels before rounding (B, 3, H, W; 0 to 1), or after it where the class gives only 8 bits (padding_mask_crop).
A case with "changed" was also run with those arguments instead; "moves" says by how much that moved latents and pixels at most.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import platform
import sys
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import diffusers
import numpy as np
import PIL
import torch
import transformers
from cases import HALF, PIPELINES
from derived import CONTROLNETS, WEIGHTS, contents, derive
from diffusers import FluxControlNetModel, FluxMultiControlNetModel, FluxPipeline
from made import inputs, made
from safetensors.torch import save_file


class Reference:
    """The classes and the derived checkpoints, each loaded once."""

    def __init__(self, checkpoint: Path, work: Path, sources: dict[str, Path | None], dtype: str):
        self.checkpoint = checkpoint
        self.dtype = dtype
        self.work = work
        self.sources = sources
        self.folders: dict[str, Path] = {}

    def folder(self, kind: str) -> Path:
        if kind not in self.folders:
            self.folders[kind] = derive(self.checkpoint, kind, self.work)
        return self.folders[kind]

    def hashes(self, kinds: list[str]) -> dict[str, str]:
        files = {kind: self.folder(kind) / ("." if kind in CONTROLNETS else "transformer") / WEIGHTS for kind in kinds}
        return {kind: contents(file) for kind, file in files.items()}

    def pipeline(self, name: str, kind: str):
        base = FluxPipeline.from_pretrained(self.folder(kind), torch_dtype=getattr(torch, self.dtype))
        cls = self.loaded(name)
        wanted = [key for key in base.components if key in cls.__init__.__code__.co_varnames]
        pipeline = cls(**{key: base.components[key] for key in wanted}, **self.controlnet_place(name))
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def loaded(self, name: str):
        if name == "Flex2Pipeline":
            return repaired(module(self.sources["flex"]).Flex2Pipeline)
        if name == "DeDistilledFluxPipeline":
            return module(self.sources["de_distill"]).FluxPipeline
        return getattr(diffusers, name)

    def controlnet_place(self, name: str) -> dict:
        return {"controlnet": self.controlnet("controlnet")} if "ControlNet" in name else {}

    def controlnet(self, kinds: str | list[str]):
        if isinstance(kinds, list):
            return FluxMultiControlNetModel([self.controlnet(kind) for kind in kinds])
        return FluxControlNetModel.from_pretrained(self.folder(kinds), torch_dtype=getattr(torch, self.dtype))


def module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def repaired(flex: type) -> type:
    """Flex2Pipeline reads the mask's size from the control latents even where there is no control.

    Inpainting alone gets control latents that are zero after the shift and the scale, without a draw: what the class itself
    uses when there is neither. Nothing else differs.
    """

    class Repaired(flex):
        def __call__(self, *, inpaint_image=None, control_image=None, height, width, **rest):
            if inpaint_image is not None and control_image is None:
                side = self.vae_scale_factor
                shape = (1, 16, height // side, width // side)
                control_image = torch.full(shape, self.vae.config.shift_factor)
            encode = self.vae.encode
            self.vae.encode = lambda x: already(x) if x.shape[1] == 16 else encode(x)
            try:
                return super().__call__(
                    inpaint_image=inpaint_image, control_image=control_image, height=height, width=width, **rest
                )
            finally:
                del self.vae.encode

    def already(latents: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(latent_dist=SimpleNamespace(sample=lambda generator: latents))

    return Repaired


def run(reference: Reference, pipeline, case: dict) -> tuple[dict[str, torch.Tensor], int]:
    if "controlnets" in case:
        pipeline.controlnet = reference.controlnet(case["controlnets"])
    kept = []

    def keep(_, step, timestep, tensors):
        kept.append(tensors["latents"])
        return {}

    cropped = "padding_mask_crop" in case["arguments"]
    result = pipeline(
        **{name: made(value) for name, value in case["arguments"].items()},
        generator=generators(case["seed"]),
        output_type="pil" if cropped else "pt",
        callback_on_step_end=keep,
    ).images
    if cropped:
        planes = np.stack([np.asarray(image.convert("RGB")) for image in result]).transpose(0, 3, 1, 2)
        result = torch.from_numpy(planes.astype(np.float32) / np.float32(255))
    tensors = {"latents": kept[-1], "pixels": result}
    return {name: tensor.detach().float().contiguous() for name, tensor in tensors.items()}, len(kept)


def generators(seed: int | list[int]):
    if isinstance(seed, list):
        return [torch.Generator().manual_seed(each) for each in seed]
    return torch.Generator().manual_seed(seed)


def moved(reference: Reference, pipeline, case: dict, tensors: dict[str, torch.Tensor]) -> dict[str, float]:
    changed = dict(case["changed"])
    other = case | {key: changed.pop(key) for key in ("seed", "controlnets") if key in changed}
    other["arguments"] = case["arguments"] | changed
    found, _ = run(reference, pipeline, other)
    return {name: float((found[name] - tensors[name]).abs().max()) for name in tensors}


def write(reference: Reference, name: str, entry: dict, target: Path) -> None:
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    pipeline = reference.pipeline(name, entry["checkpoint"])
    kinds = {entry["checkpoint"]}
    listed = []
    for title, case in entry["cases"].items():
        tensors, steps = run(reference, pipeline, case)
        if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
            raise ValueError(f"{name} {title} gave numbers that are not finite")
        save_file(tensors, folder / f"{title}.safetensors")
        shapes = {key: list(tensor.shape) for key, tensor in tensors.items()}
        about = {"name": title, **case, "steps_run": steps, "tensors": shapes}
        if "changed" in case:
            about["moves"] = moved(reference, pipeline, case, tensors)
        spread = float(tensors["latents"].std())
        print(f"{name:32} {title:36} {steps} steps, deviation {spread:.2f}, moves {about.get('moves')}", flush=True)
        listed.append(about)
        nets = case.get("controlnets", [])
        kinds.update([nets] if isinstance(nets, str) else nets)
    source = {"Flex2Pipeline": "flex", "DeDistilledFluxPipeline": "de_distill"}.get(name)
    manifest = {
        "pipeline": name,
        "versions": versions(reference.dtype),
        "source": hashlib.sha256(reference.sources[source].read_bytes()).hexdigest() if source else None,
        "checkpoint": entry["checkpoint"],
        "weights": reference.hashes(sorted(kinds)),
        "inputs": list({json.dumps(found): found for found in inputs(listed)}.values()),
        "cases": listed,
    }
    (folder / "cases.json").write_text(json.dumps(manifest, indent=1) + "\n")


def versions(dtype: str) -> dict[str, str]:
    return {
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "pillow": PIL.__version__,
        "python": platform.python_version(),
        "dtype": dtype,
        "device": "cpu",
    }


def main(arguments: argparse.Namespace) -> None:
    sources = {"flex": arguments.flex, "de_distill": arguments.de_distill}
    missing = {"Flex2Pipeline": sources["flex"] is None, "DeDistilledFluxPipeline": sources["de_distill"] is None}
    with tempfile.TemporaryDirectory() as work, torch.no_grad():
        reference = Reference(arguments.checkpoint, Path(work), sources, arguments.dtype)
        for name, entry in (PIPELINES if arguments.dtype == "float32" else HALF).items():
            if arguments.only and name not in arguments.only:
                continue
            if missing.get(name):
                print(f"{name}: left as it is, its file was not given", file=sys.stderr)
                continue
            write(reference, name, entry, arguments.target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--flex", type=Path, help="Pallaidium's flex_pipeline.py")
    parser.add_argument("--de-distill", type=Path, help="Pallaidium's pipeline_flux_de_distill.py")
    parser.add_argument("--only", action="append", help="a pipeline to run, instead of all")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    main(parser.parse_args())
