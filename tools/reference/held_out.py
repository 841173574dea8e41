"""What the rate of right drawings is measured on, and proof that both judges agree: `python held_out.py TARGET`.

held-out.json       the 100 scenes that no training saw, each with its prompt and seed
judged.png, .json   pictures in a row-by-row sheet of 64x64 tiles, right ones, wrong ones and odd ones, with the verdicts of judge.py
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent / "tiny-flux"))

import evaluate  # noqa: E402
import scenes  # noqa: E402
from judge import judge  # noqa: E402

COLUMNS = 8
SEED = 50


def held_out() -> list[dict]:
    return [
        {"prompt": prompt, "seed": index, **asdict(scene)}
        for index, (scene, prompt) in enumerate(evaluate.prompts("test"))
    ]


def flat(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((scenes.SIDE, scenes.SIDE, 3), colour, dtype=np.uint8)


def on_white(shape: str, box: tuple[float, float, float, float], colour: str = "red") -> np.ndarray:
    canvas = flat(scenes.COLOURS["white"]).astype(np.float64)
    return np.rint(scenes.paint(canvas, shape, box, scenes.COLOURS[colour])).astype(np.uint8)


def noisy(picture: np.ndarray, strength: float, source: np.random.Generator) -> np.ndarray:
    return np.clip(np.rint(picture + source.normal(0, strength, picture.shape)), 0, 255).astype(np.uint8)


def smeared(picture: np.ndarray) -> np.ndarray:
    """A mean over 7x7 pixels: rounds every corner."""
    padded = np.pad(picture.astype(np.float64), ((3, 3), (3, 3), (0, 0)), mode="edge")
    total = sum(padded[dy : dy + scenes.SIDE, dx : dx + scenes.SIDE] for dy in range(7) for dx in range(7))
    return np.rint(total / 49).astype(np.uint8)


def pictures() -> list[tuple[scenes.Scene | None, np.ndarray]]:
    """A picture and the scene that was asked for, or none where nothing sensible was."""
    rng = random.Random(SEED)
    source = np.random.default_rng(SEED)
    some = rng.sample(scenes.all_scenes(), 28)
    drawn = [(scene, scenes.draw(scene, rng)) for scene in some]
    found = drawn[:10]
    found += [(scene, noisy(picture, 12, source)) for scene, picture in drawn[10:14]]
    found += [(scene, smeared(picture)) for scene, picture in drawn[14:20]]
    others = {"circle": "square", "square": "cross", "triangle": "circle", "cross": "triangle"}
    found += [(replace(scene, shape=others[scene.shape]), picture) for scene, picture in drawn[20:23]]
    found += [(replace(scene, colour="orange" if scene.colour != "orange" else "red"), picture) for scene, picture in drawn[23:25]]
    found += [(replace(scene, background="black" if scene.background != "black" else "gray"), picture) for scene, picture in drawn[25:28]]
    found += [(None, scenes.draw_anything(rng)) for _ in range(4)]
    found += [
        (None, flat(scenes.COLOURS["gray"])),
        (None, flat((90, 200, 200))),
        (None, noisy(flat((128, 128, 128)), 60, source)),
        (None, on_white("diamond", (16, 16, 48, 48))),
        (None, on_white("ring", (20, 20, 44, 44))),
        (None, on_white("square", (-4, -4, 30, 30))),
        (None, on_white("circle", (4, 30, 60, 44), "green")),
        (None, on_white("cross", (30, 5, 58, 33), "purple")),
    ]
    return found


def main(target: Path) -> None:
    (target / "held-out.json").write_text(json.dumps(held_out(), indent=0) + "\n")
    tiles = pictures()
    rows = -(-len(tiles) // COLUMNS)
    sheet = np.zeros((rows * scenes.SIDE, COLUMNS * scenes.SIDE, 3), dtype=np.uint8)
    verdicts = []
    for index, (scene, picture) in enumerate(tiles):
        y, x = (scenes.SIDE * part for part in divmod(index, COLUMNS))
        sheet[y : y + scenes.SIDE, x : x + scenes.SIDE] = picture
        verdict = judge(picture)
        verdicts.append({
            "x": x,
            "y": y,
            "asked": asdict(scene) if scene else None,
            "agrees": verdict.agrees(scene) if scene else False,
            "verdict": asdict(verdict),
        })
    Image.fromarray(sheet).save(target / "judged.png", optimize=True)
    (target / "judged.json").write_text(json.dumps(verdicts, indent=0) + "\n")
    print(f"{len(tiles)} pictures, {sum(verdict['agrees'] for verdict in verdicts)} as asked")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    main(parser.parse_args().target)
