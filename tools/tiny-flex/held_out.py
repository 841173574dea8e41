"""Writes the held-out cases that Python and Java judge alike: `python held_out.py GOLDEN`.

Made of the 100 test scenes of tiny-flux, which no training saw: the first 50 are to be painted into a box of another picture, the
last 50 to be drawn after a drawing. Pictures are PNG in base64.
"""

from __future__ import annotations

import base64
import io
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

import shared  # noqa: F401
import numpy as np
from PIL import Image

import scenes
import wording
from cases import Case, case_of

NAME = "flex-held-out.json"
SEED = 91


def cases(which: str) -> dict[str, list[tuple[Case, str]]]:
    """Cases and captions of the test scenes, or of the validation scenes, which were looked at meanwhile."""
    _, validation, test = scenes.split()
    chosen = test if which == "test" else validation
    half = len(chosen) // 2
    rng = random.Random(SEED)
    inpaint = [case_of(scene, rng, False, True) for scene in chosen[:half]]
    control = [case_of(scene, rng, False, False) for scene in chosen[half:]]
    return {
        "inpaint": [(case, wording.groundless(case, rng, 1.0, 1.0)) for case in inpaint],
        "control": [(case, wording.shapeless(case, rng)) for case in control],
    }


def described(which: str) -> dict:
    found = cases(which)
    return {
        "steps": 28,
        "guidance_scale": 3.5,
        "side": scenes.SIDE,
        "inpaint": [
            {
                "prompt": prompt,
                "seed": 5000 + i,
                "wanted": asdict(case.scene),
                "second_shape": case.kept is not None,
                "mask": list(case.mask),
                "picture": png(case.before()),
            }
            for i, (case, prompt) in enumerate(found["inpaint"])
        ],
        "control": [
            {
                "prompt": prompt,
                "seed": 6000 + i,
                "wanted": asdict(case.scene),
                "outlined": case.outlined,
                "drawing": png(case.drawing()),
            }
            for i, (case, prompt) in enumerate(found["control"])
        ],
    }


def png(picture: np.ndarray) -> str:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def pixels(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")


if __name__ == "__main__":
    (Path(sys.argv[1]) / NAME).write_text(json.dumps(described("test"), indent=1) + "\n")
