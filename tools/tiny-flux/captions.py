"""Says in English what a scene shows, in several phrasings.

A place that is not named means the center, a size that is not named means large.
"""

from __future__ import annotations

import random
import re

from scenes import BACKGROUNDS, FOREGROUNDS, SHAPES, Scene

SIZES = {"large": ("large", "large", "big"), "small": ("small", "small", "little")}
PLACES = {
    "left": ("at the left", "on the left"),
    "right": ("at the right", "on the right"),
    "top": ("at the top", "on the top"),
    "bottom": ("at the bottom", "on the bottom"),
    "center": ("in the center", "in the middle"),
}
PHRASINGS = (
    "a {size} {colour} {shape} {place} of a {ground} background",
    "a {size} {colour} {shape} {place} of a {ground} background",
    "a {size} {colour} {shape} on a {ground} background, {place}",
    "{size} {colour} {shape} {place}, {ground} background",
    "a {ground} background with a {size} {colour} {shape} {place}",
    "a picture of a {size} {colour} {shape} {place} on {ground}",
    "{place} a {size} {colour} {shape}, the background is {ground}",
)
PLACELESS = (
    "a {size} {colour} {shape} on a {ground} background",
    "{size} {colour} {shape}, {ground} background",
    "a picture of a {size} {colour} {shape} on {ground}",
)
WORDS = sorted(
    {"grey"}
    | set(FOREGROUNDS + BACKGROUNDS + SHAPES)
    | {word for choices in (*SIZES.values(), *PLACES.values()) for choice in choices for word in choice.split()}
    | {
        word
        for phrasing in PHRASINGS + PLACELESS
        for word in phrasing.replace(",", "").split()
        if not word.startswith("{")
    }
)


def caption(scene: Scene, rng: random.Random, plain: bool = False) -> str:
    """A caption; a plain one names all five words, in lower case and without a full stop."""
    placeless = not plain and scene.place == "center" and rng.random() < 0.35
    phrasing = rng.choice(PLACELESS if placeless else PHRASINGS)
    size = rng.choice(SIZES[scene.size])
    if not plain and scene.size == "large" and rng.random() < 0.2:
        size = ""
    ground = "grey" if not plain and scene.background == "gray" and rng.random() < 0.2 else scene.background
    text = phrasing.format(
        size=size, colour=scene.colour, shape=scene.shape, place=rng.choice(PLACES[scene.place]), ground=ground
    )
    text = re.sub(r"\ba orange\b", "an orange", " ".join(text.split()))
    if not plain and rng.random() < 0.15:
        text = text[0].upper() + text[1:]
    if not plain and rng.random() < 0.1:
        text += "."
    return text
