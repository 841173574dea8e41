"""Says what a 64x64 picture shows. It knows the palette and the outlines, and has never seen a generated picture.

The rules use sorting, counting and double arithmetic only, so that the Java port (ShapeJudge) gives the same verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import scenes
from scenes import BACKGROUNDS, CENTRES, COLOURS, FOREGROUNDS, SHAPES, SIDE, Scene

BACKGROUND_TOLERANCE = 40
COLOUR_TOLERANCE = 45
LEAST_CONTRAST = 40.0
LEAST_OVERLAP = 0.75
PLACE_TOLERANCE = 6.5
LARGE_FROM = 26.0
SHIFTS = (-0.5, 0.0, 0.5)
GROWTHS = (0.0, 0.5)


@dataclass(frozen=True)
class Verdict:
    """None stands for "not recognised"."""

    colour: str | None
    shape: str | None
    size: str | None
    place: str | None
    background: str | None
    overlap: float

    def agrees(self, scene: Scene) -> bool:
        """Colour, shape and background, the three words that count."""
        return (self.colour, self.shape, self.background) == (scene.colour, scene.shape, scene.background)

    def agrees_wholly(self, scene: Scene) -> bool:
        return self.agrees(scene) and (self.size, self.place) == (scene.size, scene.place)


NOTHING = Verdict(None, None, None, None, None, 0.0)


def judge(picture: np.ndarray) -> Verdict:
    pixels = picture.astype(np.float64)
    border = np.concatenate([pixels[0], pixels[-1], pixels[1:-1, 0], pixels[1:-1, -1]])
    ground = _median(border)
    background = _nearest(ground, BACKGROUNDS, BACKGROUND_TOLERANCE)

    distance = np.sqrt(((pixels - ground) ** 2).sum(axis=2))
    strongest = np.sort(distance, axis=None)[int(0.985 * (SIDE * SIDE - 1))]
    if strongest < LEAST_CONTRAST:
        return Verdict(None, None, None, None, background, 0.0)
    ink = _median(pixels[distance > 0.8 * strongest])
    colour = _nearest(ink, FOREGROUNDS, COLOUR_TOLERANCE)

    direction = ink - ground
    cover = np.clip(((pixels - ground) * direction).sum(axis=2) / (direction * direction).sum(), 0, 1)
    component = _largest_component(cover > 0.5)
    if component is None:
        return Verdict(colour, None, None, None, background, 0.0)
    cover = np.where(_dilated(component), cover, 0.0)
    rows = np.flatnonzero(component.any(axis=1))
    columns = np.flatnonzero(component.any(axis=0))
    left, right = float(columns[0]), float(columns[-1] + 1)
    top, bottom = float(rows[0]), float(rows[-1] + 1)

    shape, overlap = _best_shape(cover, left, top, right, bottom)
    size = "large" if max(right - left, bottom - top) >= LARGE_FROM else "small"
    return Verdict(
        colour,
        shape if overlap >= LEAST_OVERLAP else None,
        size,
        _place((left + right) / 2, (top + bottom) / 2),
        background,
        overlap,
    )


def _median(colours: np.ndarray) -> np.ndarray:
    return np.sort(colours, axis=0)[len(colours) // 2]


def _nearest(colour: np.ndarray, names, tolerance: float) -> str | None:
    distances = [np.abs(colour - COLOURS[name]).max() for name in names]
    best = int(np.argmin(distances))
    return names[best] if distances[best] <= tolerance else None


def _largest_component(mask: np.ndarray) -> np.ndarray | None:
    """Of the 4-connected components the one with most pixels, the first in reading order among equals."""
    seen = np.zeros_like(mask)
    best: list[tuple[int, int]] = []
    for y, x in zip(*np.nonzero(mask)):
        if seen[y, x]:
            continue
        seen[y, x] = True
        members = [(y, x)]
        for cy, cx in members:
            for ny, nx in ((cy - 1, cx), (cy + 1, cx), (cy, cx - 1), (cy, cx + 1)):
                if 0 <= ny < SIDE and 0 <= nx < SIDE and mask[ny, nx] and not seen[ny, nx]:
                    seen[ny, nx] = True
                    members.append((ny, nx))
        if len(members) > len(best):
            best = members
    if not best:
        return None
    component = np.zeros_like(mask)
    component[tuple(np.array(best).T)] = True
    return component


def _dilated(mask: np.ndarray) -> np.ndarray:
    """Grown by one pixel in all eight directions."""
    padded = np.pad(mask, 1)
    grown = np.zeros_like(mask)
    for dy in range(3):
        for dx in range(3):
            grown |= padded[dy : dy + SIDE, dx : dx + SIDE]
    return grown


def _best_shape(cover: np.ndarray, left: float, top: float, right: float, bottom: float) -> tuple[str, float]:
    best_shape, best_overlap = SHAPES[0], -1.0
    for shape in SHAPES:
        for growth in GROWTHS:
            for dy in SHIFTS:
                for dx in SHIFTS:
                    ideal = scenes.coverage(
                        shape, left + dx - growth, top + dy - growth, right + dx + growth, bottom + dy + growth
                    )
                    overlap = np.minimum(cover, ideal).sum() / np.maximum(cover, ideal).sum()
                    if overlap > best_overlap:
                        best_shape, best_overlap = shape, float(overlap)
    return best_shape, best_overlap


def _place(cx: float, cy: float) -> str | None:
    for name, (x, y) in CENTRES.items():
        if np.hypot(cx - x, cy - y) <= PLACE_TOLERANCE and all(
            np.hypot(cx - x, cy - y) <= np.hypot(cx - ox, cy - oy) for ox, oy in CENTRES.values()
        ):
            return name
    return None
