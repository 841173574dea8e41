"""Says in English what a scene shows, in several phrasings.

What is not named has a meaning too: no place is the center, no size is large, no background is white (behind white: black).
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
GROUNDLESS = ("a {size} {colour} {shape} {place}", "{size} {colour} {shape} {place}", "a {size} {colour} {shape}")
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
    phrasing = rng.choice(PHRASINGS)
    size = rng.choice(SIZES[scene.size])
    ground = scene.background
    if not plain:
        centred = scene.place == "center"
        if centred and rng.random() < 0.35:
            phrasing = rng.choice(PLACELESS)
        if ground == ("black" if scene.colour == "white" else "white") and rng.random() < 0.2:
            phrasing = rng.choice(GROUNDLESS if centred else GROUNDLESS[:2])
        if scene.size == "large" and rng.random() < 0.2:
            size = ""
        if ground == "gray" and rng.random() < 0.2:
            ground = "grey"
    text = phrasing.format(
        size=size, colour=scene.colour, shape=scene.shape, place=rng.choice(PLACES[scene.place]), ground=ground
    )
    text = re.sub(r"\ba orange\b", "an orange", " ".join(text.split()))
    if not plain and rng.random() < 0.15:
        text = text[0].upper() + text[1:]
    if not plain and rng.random() < 0.1:
        text += "."
    return text
