"""Draws the held-out cases and has them judged: `python evaluate.py FLEX_PIPELINE CHECKPOINT TRANSFORMER [options]`.

FLEX_PIPELINE is the file that defines Flex2Pipeline, CHECKPOINT the folder of tiny-flux, TRANSFORMER the trained transformer's folder or
the training's transformer.pt. Prints JSON. Everything is also drawn without what is being tested, from the same seeds.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import shared  # noqa: F401
import diffusers
import numpy as np
import torch
import transformers
from diffusers import FluxTransformer2DModel
from PIL import Image

import flex
import held_out
import scenes
from captions import caption
from judge import Verdict, judge
from train import widened

BATCH = 10
KEPT_LIMIT = 4.0
WORDS = ("colour", "shape", "size", "place", "background")


def drawn(made, cases: list[dict], steps: int, **columns) -> np.ndarray:
    parts = []
    for i in range(0, len(cases), BATCH):
        part = cases[i : i + BATCH]
        given = {name: [column(case) for case in part] for name, column in columns.items()}
        parts.append(
            flex.draw(made, [case["prompt"] for case in part], [case["seed"] for case in part], steps=steps, **given)
        )
    return np.concatenate(parts)


def mask_of(case: dict) -> Image.Image:
    out = np.zeros((scenes.SIDE, scenes.SIDE), dtype=np.uint8)
    left, top, right, bottom = case["mask"]
    out[top:bottom, left:right] = 255
    return Image.fromarray(out)


def inside(case: dict, picture: np.ndarray) -> Verdict:
    """What is in the box, on the background that the picture has: what is outside does not count."""
    alone = np.empty_like(picture)
    alone[:] = scenes.COLOURS[case["wanted"]["background"]]
    left, top, right, bottom = case["mask"]
    alone[top:bottom, left:right] = picture[top:bottom, left:right]
    return judge(alone)


def kept_error(case: dict, picture: np.ndarray) -> float:
    """Mean absolute difference from the given picture outside the box, of 255."""
    outside = np.array(mask_of(case)) == 0
    given = np.array(held_out.pixels(case["picture"])).astype(float)
    return float(np.abs(picture.astype(float) - given)[outside].mean())


def agrees(case: dict, verdict: Verdict, words) -> bool:
    return all(getattr(verdict, word) == case["wanted"][word] for word in words)


def inpaint_figures(cases: list[dict], pictures: np.ndarray) -> dict:
    verdicts = [inside(case, picture) for case, picture in zip(cases, pictures)]
    errors = [kept_error(case, picture) for case, picture in zip(cases, pictures)]
    painted = [agrees(case, verdict, ("colour", "shape", "background")) for case, verdict in zip(cases, verdicts)]
    return {
        "painted_and_kept": sum(ok and error <= KEPT_LIMIT for ok, error in zip(painted, errors)),
        "painted": sum(painted),
        "painted_in_size_and_place": sum(agrees(case, verdict, WORDS) for case, verdict in zip(cases, verdicts)),
        "kept": sum(error <= KEPT_LIMIT for error in errors),
        "mean_kept_error": round(float(np.mean(errors)), 2),
        "worst_kept_error": round(max(errors), 2),
        "of": len(cases),
        "misses": [
            f"{i}: {case['prompt']} -> {v.colour} {v.shape} {v.overlap:.2f}, kept {error:.1f}"
            for i, (case, v, error, ok) in enumerate(zip(cases, verdicts, errors, painted))
            if not ok or error > KEPT_LIMIT
        ],
    }


def words_figures(cases: list[dict], pictures: np.ndarray) -> dict:
    verdicts = [judge(picture) for picture in pictures]
    return {
        "shape_and_place": sum(agrees(case, v, ("shape", "place")) for case, v in zip(cases, verdicts)),
        "shape_place_and_size": sum(agrees(case, v, ("shape", "place", "size")) for case, v in zip(cases, verdicts)),
        "colour_and_background": sum(agrees(case, v, ("colour", "background")) for case, v in zip(cases, verdicts)),
        "colour_shape_and_background": sum(
            agrees(case, v, ("colour", "shape", "background")) for case, v in zip(cases, verdicts)
        ),
        "of": len(cases),
        "misses": [
            f"{i}: {case['prompt']} {case['wanted']['shape']} {case['wanted']['place']} -> {v.colour} {v.shape} {v.place}"
            for i, (case, v) in enumerate(zip(cases, verdicts))
            if not agrees(case, v, ("shape", "place"))
        ],
    }


def plain_cases(which: str) -> list[dict]:
    """Captions that say everything, no picture, no drawing."""
    _, validation, test = scenes.split()
    chosen = (test if which == "test" else validation)[:50]
    rng = random.Random(77)
    return [
        {"prompt": caption(scene, rng, plain=True), "seed": 7000 + i, "wanted": vars(scene)}
        for i, scene in enumerate(chosen)
    ]


def everything(made, which: str, steps: int) -> tuple[dict, dict[str, np.ndarray]]:
    found = held_out.described(which)
    inpaint, control, plain = found["inpaint"], found["control"], plain_cases(which)
    pictures = {
        "inpaint": drawn(made, inpaint, steps, pictures=lambda c: held_out.pixels(c["picture"]), masks=mask_of),
        "inpaint_without_picture": drawn(made, inpaint, steps),
        "control": drawn(made, control, steps, drawings=lambda c: held_out.pixels(c["drawing"])),
        "control_without_drawing": drawn(made, control, steps),
        "text_alone": drawn(made, plain, steps),
    }
    figures = {
        "inpaint": inpaint_figures(inpaint, pictures["inpaint"]),
        "inpaint_without_picture": inpaint_figures(inpaint, pictures["inpaint_without_picture"]),
        "control": words_figures(control, pictures["control"]),
        "control_without_drawing": words_figures(control, pictures["control_without_drawing"]),
        "text_alone": words_figures(plain, pictures["text_alone"]),
    }
    for name in ("inpaint_without_picture", "control_without_drawing"):
        del figures[name]["misses"]
    return figures, pictures


def loaded(checkpoint: Path, trained: Path) -> FluxTransformer2DModel:
    if trained.is_dir():
        return FluxTransformer2DModel.from_pretrained(trained)
    model = widened(checkpoint)
    model.load_state_dict(torch.load(trained)["average"])
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flex_pipeline", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("transformer", type=Path)
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--steps", type=int, default=28)
    parser.add_argument("--sheet", type=Path, help="where to save the pictures as one PNG")
    arguments = parser.parse_args()
    started = time.time()
    drawer = flex.pipeline(
        arguments.flex_pipeline, arguments.checkpoint, loaded(arguments.checkpoint, arguments.transformer)
    )
    figures, sheets = everything(drawer, arguments.split, arguments.steps)
    figures["split"], figures["steps"] = arguments.split, arguments.steps
    figures["seconds"] = round(time.time() - started, 1)
    figures["versions"] = (
        f"diffusers {diffusers.__version__}, transformers {transformers.__version__}, torch {torch.__version__}"
    )
    print(json.dumps(figures, indent=1))
    if arguments.sheet:
        rows = [np.concatenate(list(sheet), axis=1) for sheet in sheets.values()]
        least = min(row.shape[1] for row in rows)
        Image.fromarray(np.concatenate([row[:, :least] for row in rows])).save(arguments.sheet)
