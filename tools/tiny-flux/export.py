"""Saves the trained parts as one checkpoint in the diffusers layout: `python export.py WORK TARGET`.

Takes the averaged weights of the last finished phase, or with --phase those of a phase that still runs.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline
from diffusers.configuration_utils import FrozenDict
from safetensors.torch import load_file
from transformers import CLIPTokenizer, T5TokenizerFast

import transformer

LIST = "files.txt"
CARD = "MODEL_CARD.md"


def pipeline(work: Path, phase: str | None = None) -> FluxPipeline:
    clip_tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    t5_tokenizer = T5TokenizerFast.from_pretrained(work / "tokenizer_2")
    drawer = transformer.fresh(clip_tokenizer, t5_tokenizer)
    if phase:
        drawer.load_state_dict(torch.load(work / "model" / f"{phase}.pt")["average"])
    else:
        drawer.load_state_dict(torch.load(work / "model" / "average.pt"))
    return FluxPipeline(
        scheduler=scheduler(),
        vae=autoencoder(work / "vae"),
        text_encoder=drawer.clip.eval(),
        tokenizer=clip_tokenizer,
        text_encoder_2=drawer.t5.eval(),
        tokenizer_2=t5_tokenizer,
        transformer=drawer.transformer.eval(),
    )


def autoencoder(folder: Path) -> AutoencoderKL:
    """As from_pretrained loads it, without the folder's name in the configuration."""
    vae = AutoencoderKL.from_config(AutoencoderKL.load_config(folder))
    vae._internal_dict = FrozenDict({key: value for key, value in vae.config.items() if key != "_name_or_path"})
    vae.load_state_dict(load_file(folder / "diffusion_pytorch_model.safetensors"))
    return vae.eval()


def scheduler() -> FlowMatchEulerDiscreteScheduler:
    """With the values of FLUX.1-dev."""
    return FlowMatchEulerDiscreteScheduler(
        num_train_timesteps=1000,
        shift=3.0,
        use_dynamic_shifting=True,
        base_shift=0.5,
        max_shift=1.15,
        base_image_seq_len=256,
        max_image_seq_len=4096,
    )


def write_list(folder: Path) -> None:
    """One file a line: SHA-256, bytes, path; the list itself and the model card are not in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in (LIST, CARD))
    for path in files:
        path.chmod(0o644)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_size} {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    (folder / LIST).write_text("".join(lines))
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files)} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--phase")
    arguments = parser.parse_args()
    pipeline(arguments.work, arguments.phase).save_pretrained(arguments.target)
    write_list(arguments.target)
