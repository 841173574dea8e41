"""Captions that leave things out, so that what they do not say must come from the picture or the drawing.

Only words of tools/tiny-flux/captions.py: the text encoders are those of the first checkpoint and learn nothing new.
"""

from __future__ import annotations

import random
import re

import shared  # noqa: F401

from captions import PLACES, SIZES, caption
from cases import Case

SHAPELESS = (
    "a picture of {colour} on {ground}",
    "{colour} on a {ground} background",
    "{colour}, {ground} background",
    "a {ground} background with {colour}",
)
GROUNDED = ("a {thing} on a {ground} background", "{thing}, {ground} background", "a picture of a {thing} on {ground}")
GROUNDLESS = ("a {thing} {place}", "{thing} {place}", "a picture of a {thing} {place}")


def whole(case: Case, rng: random.Random) -> str:
    """As tiny-flux was trained, for a thing between the named places without the place."""
    return caption(case.scene, rng) if case.named else grounded(case, rng)


def shapeless(case: Case, rng: random.Random) -> str:
    """Colour and background; neither shape nor place nor size."""
    return rng.choice(SHAPELESS).format(colour=case.thing.colour, ground=case.background)


def grounded(case: Case, rng: random.Random) -> str:
    """Everything but the place."""
    return _tidy(rng.choice(GROUNDED).format(thing=_thing(case, rng, 0.5), ground=case.background))


def groundless(case: Case, rng: random.Random, sized: float = 0.8, placed: float = 0.8) -> str:
    """The thing alone, not what surrounds it; size and place with the given probabilities."""
    place = rng.choice(PLACES[case.scene.place]) if case.named and rng.random() < placed else ""
    return _tidy(rng.choice(GROUNDLESS).format(thing=_thing(case, rng, sized), place=place))


def _thing(case: Case, rng: random.Random, sized: float) -> str:
    size = rng.choice(SIZES[case.scene.size]) if rng.random() < sized else ""
    return f"{size} {case.thing.colour} {case.thing.shape}"


def _tidy(text: str) -> str:
    return re.sub(r"\ba orange\b", "an orange", " ".join(text.split()))
