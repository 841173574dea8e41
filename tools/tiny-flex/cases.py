"""What one training or test case is: a picture before, a box to repaint, the picture after, and a drawing of the picture after.

Before and after differ inside the box only, so a model that copies what leaks through the autoencoder from under the box is wrong,
and what surrounds the box (background, a second shape) is in the picture alone: the captions (wording.py) often leave it out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import shared  # noqa: F401
import numpy as np

import scenes
from scenes import BACKGROUNDS, CENTRES, COLOURS, FOREGROUNDS, SHAPES, SIDE, Scene

LARGE_FROM = 13.0
KEPT_GAP = 2
STROKE = 2
TRIES = 30


@dataclass(frozen=True)
class Thing:
    """One shape where it stands."""

    colour: str
    shape: str
    cx: float
    cy: float
    half: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.cx - self.half, self.cy - self.half, self.cx + self.half, self.cy + self.half


@dataclass(frozen=True)
class Case:
    background: str
    thing: Thing
    """What the picture after shows inside the box, and what the caption speaks of."""
    named: bool
    """Whether size and place are those of the captions' words."""
    kept: Thing | None
    old: Thing | None
    mask: tuple[int, int, int, int]
    """Left, top, right, bottom of the box to repaint."""
    outlined: bool
    """Whether the drawing is an outline instead of a filled silhouette."""

    @property
    def scene(self) -> Scene:
        """The five words, for a thing between the named places those that come closest."""
        return Scene(
            self.thing.colour, self.thing.shape, size_of(self.thing), place_of(self.thing), self.background
        )

    def before(self) -> np.ndarray:
        return paint(COLOURS[self.background], [(one, COLOURS[one.colour]) for one in (self.kept, self.old) if one])

    def after(self) -> np.ndarray:
        return paint(COLOURS[self.background], [(one, COLOURS[one.colour]) for one in (self.kept, self.thing) if one])

    def drawing(self) -> np.ndarray:
        filled = paint((0, 0, 0), [(one, (255, 255, 255)) for one in (self.kept, self.thing) if one])
        return np.where(_eroded(filled) > 127, 0, filled).astype(np.uint8) if self.outlined else filled

    def mask_picture(self) -> np.ndarray:
        """(64, 64), 255 where to repaint."""
        out = np.zeros((SIDE, SIDE), dtype=np.uint8)
        left, top, right, bottom = self.mask
        out[top:bottom, left:right] = 255
        return out


def paint(ground, things) -> np.ndarray:
    canvas = np.empty((SIDE, SIDE, 3))
    canvas[:] = ground
    for thing, colour in things:
        canvas = scenes.paint(canvas, thing.shape, thing.box, colour)
    return np.rint(canvas).astype(np.uint8)


def _eroded(picture: np.ndarray) -> np.ndarray:
    """The least of the pixels within STROKE rows and columns."""
    padded = np.pad(picture, ((STROKE, STROKE), (STROKE, STROKE), (0, 0)))
    reach = range(2 * STROKE + 1)
    return np.min([padded[dy : dy + SIDE, dx : dx + SIDE] for dy in reach for dx in reach], axis=0)


def size_of(thing: Thing) -> str:
    return "large" if thing.half >= LARGE_FROM else "small"


def place_of(thing: Thing) -> str:
    return min(CENTRES, key=lambda place: (thing.cx - CENTRES[place][0]) ** 2 + (thing.cy - CENTRES[place][1]) ** 2)


def case_of(scene: Scene, rng: random.Random, jitter: bool, kept: bool) -> Case:
    """The thing stands where its words say."""
    cx, cy = CENTRES[scene.place]
    half = scenes.HALF_WIDTHS[scene.size]
    if jitter:
        cx += rng.uniform(-scenes.CENTRE_JITTER, scenes.CENTRE_JITTER)
        cy += rng.uniform(-scenes.CENTRE_JITTER, scenes.CENTRE_JITTER)
        half += rng.uniform(-scenes.HALF_WIDTH_JITTER, scenes.HALF_WIDTH_JITTER)
    return surround(scene.background, Thing(scene.colour, scene.shape, cx, cy, half), True, rng, kept)


def free_case(rng: random.Random, kept: bool, forbidden: frozenset[Scene]) -> Case:
    """The thing stands anywhere in any size; never one whose nearest words are held out."""
    while True:
        background = rng.choice(BACKGROUNDS)
        half = rng.uniform(7.5, 18)
        cx, cy = (rng.uniform(half + 1, SIDE - 1 - half) for _ in range(2))
        colour = rng.choice([one for one in FOREGROUNDS if one != background])
        case = surround(background, Thing(colour, rng.choice(SHAPES), cx, cy, half), False, rng, kept)
        if case.scene not in forbidden:
            return case


def surround(background: str, thing: Thing, named: bool, rng: random.Random, kept: bool) -> Case:
    """Adds what was inside the box before, the box, and (where there is room) a shape outside it."""
    old = None
    if rng.random() < 0.75:
        half = rng.uniform(7, 15)
        old = Thing(
            _colour(background, rng),
            rng.choice(SHAPES),
            min(max(thing.cx + rng.uniform(-5, 5), half + 1), SIDE - 1 - half),
            min(max(thing.cy + rng.uniform(-5, 5), half + 1), SIDE - 1 - half),
            half,
        )
    boxes = [one.box for one in (thing, old) if one]
    left, top = (int(min(box[i] for box in boxes)) - rng.randint(2, 7) for i in (0, 1))
    right, bottom = (int(max(box[i] for box in boxes)) + 1 + rng.randint(2, 7) for i in (2, 3))
    mask = (max(0, left), max(0, top), min(SIDE, right), min(SIDE, bottom))
    return Case(
        background, thing, named, _outside(mask, background, rng) if kept else None, old, mask, rng.random() < 0.4
    )


def _colour(background: str, rng: random.Random) -> str:
    return rng.choice([one for one in FOREGROUNDS if one != background])


def _outside(mask, background: str, rng: random.Random) -> Thing | None:
    left, top, right, bottom = mask
    for _ in range(TRIES):
        half = rng.uniform(5, 11)
        cx, cy = (rng.uniform(half + 1, SIDE - 1 - half) for _ in range(2))
        reach = half + KEPT_GAP
        if cx + reach <= left or cx - reach >= right or cy + reach <= top or cy - reach >= bottom:
            return Thing(_colour(background, rng), rng.choice(SHAPES), cx, cy, half)
    return None
