"""What a picture of the tiny world can show, and how it is drawn.

A scene is one flat shape on one flat background. Its five words (colour, shape, size, place, background) fix it but for a jitter
of half a pixel, so a model that has understood the words has little left to guess.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

SIDE = 64
COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 170, 60),
    "blue": (40, 80, 220),
    "yellow": (240, 220, 50),
    "orange": (245, 135, 25),
    "purple": (150, 50, 180),
    "white": (245, 245, 245),
    "black": (15, 15, 15),
    "gray": (170, 170, 170),
}
FOREGROUNDS = ("red", "green", "blue", "yellow", "orange", "purple", "white")
BACKGROUNDS = ("white", "black", "gray", "blue")
SHAPES = ("circle", "square", "triangle", "cross")
HALF_WIDTHS = {"large": 16.0, "small": 10.0}
CENTRES = {"left": (20, 32), "right": (44, 32), "top": (32, 20), "bottom": (32, 44), "center": (32, 32)}

CENTRE_JITTER = 0.5
HALF_WIDTH_JITTER = 0.4
SPLIT_SEED = 1234
TEST_SCENES = 100
VALIDATION_SCENES = 60
SUBSAMPLES = 4


@dataclass(frozen=True)
class Scene:
    colour: str
    shape: str
    size: str
    place: str
    background: str


def all_scenes() -> list[Scene]:
    return [
        Scene(colour, shape, size, place, background)
        for colour in FOREGROUNDS
        for shape in SHAPES
        for size in HALF_WIDTHS
        for place in CENTRES
        for background in BACKGROUNDS
        if colour != background
    ]


def split() -> tuple[list[Scene], list[Scene], list[Scene]]:
    """Training, validation (looked at between phases) and test (looked at once, at the end) scenes."""
    scenes = all_scenes()
    random.Random(SPLIT_SEED).shuffle(scenes)
    held_out = TEST_SCENES + VALIDATION_SCENES
    return scenes[held_out:], scenes[TEST_SCENES:held_out], scenes[:TEST_SCENES]


def inside(shape: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Whether a point is inside the shape; u and v run from -1 to 1 across its box, v downwards."""
    au, av = np.abs(u), np.abs(v)
    box = (au <= 1) & (av <= 1)
    if shape == "circle":
        return u * u + v * v <= 1
    if shape == "square":
        return box
    if shape == "triangle":
        return box & (au <= (v + 1) / 2)
    if shape == "cross":
        return box & ((au <= 1 / 3) | (av <= 1 / 3))
    if shape == "diamond":
        return au + av <= 1
    if shape == "ring":
        return box & (u * u + v * v <= 1) & (u * u + v * v >= 0.3)
    raise ValueError(f"no shape is called {shape}")


def coverage(shape: str, left: float, top: float, right: float, bottom: float, side: int = SIDE) -> np.ndarray:
    """How much of every pixel the shape covers, 0 to 1, when it fills the given box (pixel edges, not centres)."""
    points = (np.arange(side * SUBSAMPLES) + 0.5) / SUBSAMPLES
    u = (2 * points - left - right) / (right - left)
    v = (2 * points - top - bottom) / (bottom - top)
    hits = inside(shape, u[None, :], v[:, None])
    return hits.reshape(side, SUBSAMPLES, side, SUBSAMPLES).mean(axis=(1, 3))


def paint(canvas: np.ndarray, shape: str, box: tuple[float, float, float, float], colour) -> np.ndarray:
    alpha = coverage(shape, *box, side=len(canvas))[..., None]
    return canvas * (1 - alpha) + np.asarray(colour, dtype=np.float64) * alpha


def draw(scene: Scene, rng: random.Random | None = None, scale: int = 1) -> np.ndarray:
    """The scene as bytes, 64x64x3 times the scale; without a random source exactly at its nominal place."""
    cx, cy = CENTRES[scene.place]
    half = HALF_WIDTHS[scene.size]
    if rng is not None:
        cx += rng.uniform(-CENTRE_JITTER, CENTRE_JITTER)
        cy += rng.uniform(-CENTRE_JITTER, CENTRE_JITTER)
        half += rng.uniform(-HALF_WIDTH_JITTER, HALF_WIDTH_JITTER)
    canvas = np.empty((SIDE * scale, SIDE * scale, 3))
    canvas[:] = COLOURS[scene.background]
    box = tuple(scale * edge for edge in (cx - half, cy - half, cx + half, cy + half))
    return np.rint(paint(canvas, scene.shape, box, COLOURS[scene.colour])).astype(np.uint8)


def draw_anything(rng: random.Random) -> np.ndarray:
    """A picture outside the five words, so that the autoencoder stays usable for edits, masks and control pictures."""
    canvas = np.empty((SIDE, SIDE, 3))
    canvas[:] = [rng.randrange(256) for _ in range(3)]
    if rng.random() < 0.3:
        other = np.array([rng.randrange(256) for _ in range(3)], dtype=np.float64)
        ramp = np.linspace(0, 1, SIDE)
        ramp = ramp[None, :, None] if rng.random() < 0.5 else ramp[:, None, None]
        canvas = canvas * (1 - ramp) + other * ramp
    if rng.random() < 0.15:
        canvas[:] = rng.choice(((0, 0, 0), (255, 255, 255)))
    for _ in range(rng.randint(1, 3)):
        shape = rng.choice(SHAPES + ("diamond", "ring"))
        cx, cy = rng.uniform(8, 56), rng.uniform(8, 56)
        half_x, half_y = rng.uniform(5, 20), rng.uniform(5, 20)
        colour = [rng.randrange(256) for _ in range(3)]
        canvas = paint(canvas, shape, (cx - half_x, cy - half_y, cx + half_x, cy + half_y), colour)
    return np.rint(canvas).astype(np.uint8)
