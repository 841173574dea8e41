"""Inputs of the golden cases, made by formulas in integers that Java repeats: pictures, masks and numbers.

A case names an input by a small dict; `made` turns it into what the Python classes take. No picture is stored.
"""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from derived import recipe
from PIL import Image


def picture(width: int, height: int, kind: int = 0, form: str = "pil") -> dict:
    """Two gradients, a pattern and a disc. form: pil (8 bits), unit (1,3,H,W in 0..1) or signed (-1..1)."""
    return {"make": "picture", "width": width, "height": height, "kind": kind, "form": form}


def mask(width: int, height: int, kind: str = "soft", form: str = "pil") -> dict:
    """White repaints. kind: soft (a disc that fades), box (the middle), right (the right half). form: pil or unit (1,1,H,W)."""
    return {"make": "mask", "width": width, "height": height, "kind": kind, "form": form}


def numbers(name: str, *shape: int, amplitude: float = 1.7) -> dict:
    """float32 within +-amplitude by the recipe of derived.py; 1.7 spreads them as far as noise of deviation 1."""
    return {"make": "numbers", "name": name, "shape": list(shape), "amplitude": amplitude}


def made(value):
    if isinstance(value, list):
        return [made(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value["make"] == "numbers":
        return torch.from_numpy(recipe(value["name"], tuple(value["shape"]), value["amplitude"]))
    drawn = (picture_pixels if value["make"] == "picture" else mask_pixels)(
        value["width"], value["height"], value["kind"]
    )
    if value["form"] == "pil":
        return Image.fromarray(drawn)
    planes = drawn[None] if drawn.ndim == 2 else drawn.transpose(2, 0, 1)
    unit = torch.from_numpy(planes.astype(np.float32)[None] / np.float32(255))
    return unit if value["form"] == "unit" else unit * 2 - 1


def inputs(value) -> list[dict]:
    """Every input that a value names, with the SHA-256 of its 8-bit pixels (H, W, channels) or of its float32 numbers."""
    if isinstance(value, list):
        return [found for item in value for found in inputs(item)]
    if not isinstance(value, dict):
        return []
    if "make" not in value:
        return [found for item in value.values() for found in inputs(item)]
    same = made(value | {"form": "pil"})
    data = same.numpy() if value["make"] == "numbers" else np.asarray(same)
    return [{**value, "sha256": hashlib.sha256(data.tobytes()).hexdigest()}]


def grid(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:height, 0:width]
    return x.astype(np.int64), y.astype(np.int64)


def picture_pixels(width: int, height: int, kind: int) -> np.ndarray:
    x, y = grid(width, height)
    pixels = np.stack(
        [x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), (x * (kind + 1) * 5 + y * 3) % 256], axis=-1
    )
    centre_x, centre_y = width * (1 + kind % 3) // 4, height * (1 + kind // 3 % 3) // 4
    radius = min(width, height) // 3
    inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 <= radius * radius
    pixels[inside] = [(240 + kind * 60) % 256, (30 + kind * 90) % 256, (50 + kind * 40) % 256]
    return pixels.astype(np.uint8)


def mask_pixels(width: int, height: int, kind: str) -> np.ndarray:
    x, y = grid(width, height)
    if kind == "box":
        white = (4 * x >= width) & (4 * x < 3 * width) & (4 * y >= height) & (4 * y < 3 * height)
        return np.where(white, 255, 0).astype(np.uint8)
    if kind == "right":
        return np.where(2 * x >= width, 255, 0).astype(np.uint8)
    radius = max(min(width, height) // 3, 1)
    away = (x - width // 2) ** 2 + (y - height // 2) ** 2
    return np.clip(128 + (radius * radius - away) * 127 // (radius * radius), 0, 255).astype(np.uint8)
