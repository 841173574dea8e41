"""Draws scenes held out of training with diffusers and has them judged: `python evaluate.py CHECKPOINT [options]`.

Prints one JSON line a noise seed. The default call is that of FluxPipeline: 28 steps, guidance 3.5, 512 text positions.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path

import diffusers
import numpy as np
import torch
import transformers
from diffusers import FluxPipeline

import scenes
from captions import caption
from judge import judge

CAPTION_SEED = 77


def prompts(which: str) -> list[tuple[scenes.Scene, str]]:
    """Every held-out scene of the split with one plain caption."""
    _, validation, test = scenes.split()
    rng = random.Random(CAPTION_SEED)
    return [(scene, caption(scene, rng, plain=True)) for scene in (test if which == "test" else validation)]


def draw(pipeline: FluxPipeline, texts: list[str], seeds: list[int], steps: int, length: int, scale: int) -> np.ndarray:
    """Pictures of 64x64; larger ones are averaged down to that, because the judge knows one size."""
    pictures = pipeline(
        prompt=texts,
        height=scenes.SIDE * scale,
        width=scenes.SIDE * scale,
        num_inference_steps=steps,
        guidance_scale=3.5,
        max_sequence_length=length,
        generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        output_type="np",
    ).images
    pixels = np.rint(pictures * 255).reshape(-1, scenes.SIDE, scale, scenes.SIDE, scale, 3)
    return np.rint(pixels.mean(axis=(2, 4))).astype(np.uint8)


def rate(pipeline: FluxPipeline, which: str, noise: int, steps: int, length: int, scale: int, batch: int = 10) -> dict:
    wanted = prompts(which)
    wrong: Counter = Counter()
    misses = []
    started = time.time()
    for begin in range(0, len(wanted), batch):
        part = wanted[begin : begin + batch]
        seeds = [noise * 1000 + begin + i for i in range(len(part))]
        pictures = draw(pipeline, [text for _, text in part], seeds, steps, length, scale)
        for (scene, text), picture in zip(part, pictures):
            verdict = judge(picture)
            for word in ("colour", "shape", "size", "place", "background"):
                wrong[word] += getattr(verdict, word) != getattr(scene, word)
            if not verdict.agrees(scene):
                misses.append(f"{text} -> {verdict.colour} {verdict.shape} {verdict.background} {verdict.overlap:.2f}")
    return {
        "split": which,
        "noise": noise,
        "steps": steps,
        "text_positions": length,
        "side": scenes.SIDE * scale,
        "right": len(wanted) - len(misses),
        "of": len(wanted),
        "wrong": dict(wrong),
        "misses": misses,
        "seconds": round(time.time() - started, 1),
        "versions": f"diffusers {diffusers.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--noise", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=28)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--scale", type=int, default=1)
    arguments = parser.parse_args()
    drawn = FluxPipeline.from_pretrained(arguments.checkpoint, torch_dtype=torch.float32)
    drawn.set_progress_bar_config(disable=True)
    for seed in arguments.noise:
        found = rate(drawn, arguments.split, seed, arguments.steps, arguments.length, arguments.scale)
        print(json.dumps(found), flush=True)
