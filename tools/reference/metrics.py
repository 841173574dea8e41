"""Pictures and what the reference implementations measure between them, for golden/metrics: `python metrics.py TARGET`.

Python 3.11 with `pip install scikit-image==0.26.0 piq==0.8.0 torch==2.15.0 ImageHash==4.3.2 pillow==13.0.0 flip-evaluator==1.7`.
The pictures are made here from fixed seeds; the versions that measured stand in the first lines of the table.
"""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import flip_evaluator
import imagehash
import numpy
import piq
import torch
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import binary_dilation
from skimage.color import deltaE_ciede2000, gray2rgb, rgb2lab
from skimage.feature import canny, hog
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

SMALL = 256
NOTHING_IN_COMMON = 50
WINDOW = 11
CELL = 16
SMALLEST_OF_FIVE = 161
PACKAGES = ["scikit-image", "piq", "torch", "flip-evaluator", "ImageHash", "pillow", "numpy", "scipy"]


def scene(width: int, height: int) -> Image.Image:
    """Light from above, a horizon, things with soft and hard edges, texture and grain."""
    random = numpy.random.default_rng(7)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    sky = numpy.stack([90 + 80 * y / height, 140 + 60 * y / height, 230 - 50 * y / height], axis=-1)
    waves = 18 * numpy.sin(x / 5 + 3 * numpy.sin(y / 17)) * (y > 0.6 * height)
    ground = numpy.stack([70 + waves, 110 + waves, 50 + 0.5 * waves], axis=-1)
    picture = numpy.where((y > 0.6 * height)[..., None], ground, sky) + random.normal(0, 4, (height, width, 1))
    image = Image.fromarray(picture.clip(0, 255).astype(numpy.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.1, height * 0.1, width * 0.3, height * 0.35), fill=(250, 220, 90))
    draw.rectangle((width * 0.55, height * 0.35, width * 0.85, height * 0.75), fill=(160, 60, 50), outline=(20, 20, 20))
    for i in range(5):
        draw.line((width * 0.05, height * (0.65 + 0.06 * i), width * 0.5, height * 0.9), fill=(220, 220, 210))
    return image


def noisy(image: Image.Image, strength: float) -> Image.Image:
    pixels = numpy.asarray(image).astype(float)
    pixels += numpy.random.default_rng(11).normal(0, strength, pixels.shape)
    return Image.fromarray(pixels.round().clip(0, 255).astype(numpy.uint8))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert(image.mode)


def shifted(image: Image.Image, pixels: int) -> Image.Image:
    return Image.fromarray(numpy.roll(numpy.asarray(image), pixels, axis=1))


def swapped(image: Image.Image) -> Image.Image:
    return Image.fromarray(numpy.ascontiguousarray(numpy.asarray(image)[..., ::-1]))


def gradient(width: int, height: int, down: bool) -> Image.Image:
    y, x = numpy.mgrid[0:height, 0:width]
    ramp = (y * 255 // (height - 1)) if down else (x * 255 // (width - 1))
    return Image.fromarray(numpy.stack([ramp, 255 - ramp, ramp // 2], axis=-1).astype(numpy.uint8))


def pictures() -> dict[str, Image.Image]:
    large = scene(200, 168)
    odd = scene(177, 163).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    tall = scene(40, 96)
    small = scene(13, 11)
    grey = scene(64, 48).convert("L")
    return {
        "scene": large,
        "scene-noise": noisy(large, 8),
        "scene-blur": large.filter(ImageFilter.GaussianBlur(1.5)),
        "scene-jpeg": jpeg(large, 30),
        "scene-shift": shifted(large, 3),
        "scene-swap": swapped(large),
        "odd": odd,
        "odd-jpeg": jpeg(odd, 60),
        "tall": tall,
        "tall-noise": noisy(tall, 20),
        "small": small,
        "small-blur": small.filter(ImageFilter.GaussianBlur(1)),
        "grey": grey,
        "grey-noise": noisy(grey, 12),
        "right": gradient(48, 32, down=False),
        "down": gradient(48, 32, down=True),
        "white": Image.new("RGB", (32, 32), (255, 255, 255)),
        "nearly-white": Image.new("RGB", (32, 32), (254, 252, 255)),
        "black": Image.new("RGB", (32, 32), (0, 0, 0)),
        "wide": scene(400, 90),
        "wide-blur": scene(400, 90).filter(ImageFilter.GaussianBlur(2)),
    }


PAIRS = [
    ("scene", "scene"),
    ("scene", "scene-noise"),
    ("scene", "scene-blur"),
    ("scene", "scene-jpeg"),
    ("scene", "scene-shift"),
    ("scene", "scene-swap"),
    ("scene-noise", "scene-blur"),
    ("odd", "odd-jpeg"),
    ("tall", "tall-noise"),
    ("small", "small-blur"),
    ("grey", "grey-noise"),
    ("right", "down"),
    ("white", "nearly-white"),
    ("white", "black"),
    ("wide", "wide-blur"),
]


def curved(image: Image.Image) -> numpy.ndarray:
    """Numbers that no byte stands for: the test makes them by the same formula."""
    values = numpy.asarray(image).astype(numpy.float32) / numpy.float32(255)
    return values * values * numpy.float32(0.9) + numpy.float32(0.05)


def similarity(a: numpy.ndarray, b: numpy.ndarray, data_range: float) -> float:
    axis = -1 if a.ndim == 3 else None
    return structural_similarity(
        a, b, gaussian_weights=True, use_sample_covariance=False, channel_axis=axis, data_range=data_range
    )


def differences(a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    return deltaE_ciede2000(*(rgb2lab(x.astype(float) if x.ndim == 3 else gray2rgb(x.astype(float))) for x in (a, b)))


def flip(a: numpy.ndarray, b: numpy.ndarray) -> numpy.ndarray:
    colours = [(x if x.ndim == 3 else gray2rgb(x)).astype(numpy.float32) for x in (a, b)]
    return flip_evaluator.evaluate(*colours, "LDR", applyMagma=False)[0][..., 0]


def distance(a: Image.Image, b: Image.Image) -> float:
    scale = min(1, SMALL / max(a.size))
    size = tuple(max(WINDOW, int(side * scale + 0.5)) for side in a.size)
    small = [numpy.asarray(image.resize(size, Image.Resampling.LANCZOS)) for image in (a, b)]
    structure = max(0, similarity(*small, data_range=255))
    return 1 - structure * (1 - min(1, differences(*(x / 255.0 for x in small)).mean() / NOTHING_IN_COMMON))


def of_values(a: numpy.ndarray, b: numpy.ndarray) -> Iterator[tuple[str, float]]:
    """Of numbers from 0 to 1."""
    yield "MAE", numpy.abs(a.astype(float) - b.astype(float)).mean()
    yield "RMSE", mean_squared_error(a.astype(float), b.astype(float)) ** 0.5
    with numpy.errstate(divide="ignore"):
        yield "PSNR", peak_signal_noise_ratio(a.astype(float), b.astype(float), data_range=1)
    if min(a.shape[:2]) >= WINDOW:
        yield "SSIM", similarity(a.astype(float), b.astype(float), data_range=1)
    batches = [torch.from_numpy(numpy.atleast_3d(x).astype(float).transpose(2, 0, 1)[None]) for x in (a, b)]
    if min(a.shape[:2]) >= SMALLEST_OF_FIVE:
        yield "MS_SSIM", piq.multi_scale_ssim(*batches, data_range=1.0).item()
    yield "GMSD", piq.gmsd(*batches, data_range=1.0).item()
    yield "CIEDE2000", differences(a, b).mean()
    yield "CIEDE2000_P95", numpy.percentile(differences(a, b), 95)
    yield "FLIP", flip(a, b).mean(dtype=float)


def edge_overlap(a: numpy.ndarray, b: numpy.ndarray) -> float:
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    near = numpy.ones((5, 5), dtype=bool)
    shares = [(a & binary_dilation(b, near)).sum() / a.sum(), (b & binary_dilation(a, near)).sum() / b.sum()]
    return 0.0 if not any(shares) else 2 * shares[0] * shares[1] / sum(shares)


def cosine(a: numpy.ndarray, b: numpy.ndarray) -> float:
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    return float(a @ b / numpy.linalg.norm(a) / numpy.linalg.norm(b))


def channel_order(a: Image.Image, b: Image.Image) -> float:
    if a.mode != "RGB":
        return 0.0
    one, other = (numpy.asarray(image).astype(int) for image in (a, b))
    errors = {order: numpy.abs(one - other[..., list(order)]).mean() for order in itertools.permutations(range(3))}
    as_it_is = errors[0, 1, 2]
    return 1 - min(errors.values()) / as_it_is if as_it_is else 0.0


def blocks(image: Image.Image) -> float:
    """Steps of grey across the borders of 8x8 blocks over those elsewhere."""
    grey = numpy.asarray(image.convert("L")).astype(int)
    steps, borders = [], []
    for axis in (0, 1):
        step = numpy.abs(numpy.diff(grey, axis=axis)).clip(max=8)
        border = numpy.arange(step.shape[axis]) % 8 == 7
        steps.append(step.ravel())
        borders.append(numpy.broadcast_to(border[:, None] if axis == 0 else border, step.shape).ravel())
    step, border = numpy.concatenate(steps), numpy.concatenate(borders)
    across, elsewhere = ((step[side].sum() + 1) / (side.sum() + 1) for side in (border, ~border))
    return across / elsewhere


def mask(size: tuple[int, int]) -> Image.Image:
    """A white ellipse, soft at its edge, that the test reads from a file."""
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4), fill=255)
    return image.filter(ImageFilter.GaussianBlur(1))


def colours() -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """In CIELAB: any two, near ones, blues (where the formula turns), greys, and opposite hues."""
    random = numpy.random.default_rng(3)
    for _ in range(40):
        one = numpy.array([random.uniform(0, 100), *random.uniform(-90, 90, 2)])
        yield one, numpy.array([random.uniform(0, 100), *random.uniform(-90, 90, 2)])
        yield one, one + random.normal(0, 2, 3)
        yield numpy.array([30, 20, -80.0]) + random.normal(0, 6, 3), numpy.array([32, 10, -70.0]) + random.normal(0, 6, 3)
    for a, b in [(30, 10), (-30, 10), (30, 0), (-30, 0), (0, 20), (0, -20), (-5, -7)]:
        yield numpy.array([50.0, a, b]), numpy.array([60.0, 0, 0])
        yield numpy.array([50.0, a, b]), numpy.array([60.0, -a, -b])
        yield numpy.array([50.0, a, b]), numpy.array([60.0, -a - 1e-3, -b])
        yield numpy.array([50.0, a, b]), numpy.array([60.0, -a + 1e-3, -b])


def maps(a: numpy.ndarray, b: numpy.ndarray) -> Iterator[tuple[str, numpy.ndarray]]:
    axis = -1 if a.ndim == 3 else None
    _, similar = structural_similarity(
        a, b, gaussian_weights=True, use_sample_covariance=False, channel_axis=axis, data_range=1, full=True
    )
    inner = slice(WINDOW // 2, -(WINDOW // 2))
    similar = (similar.mean(axis=-1) if axis else similar)[inner, inner]
    yield "SSIM", numpy.pad(similar, WINDOW // 2, mode="edge")
    yield "CIEDE2000", differences(a, b)
    yield "FLIP", flip(a, b)


def of_images(a: Image.Image, b: Image.Image) -> Iterator[tuple[str, float]]:
    yield "DHASH", imagehash.dhash(a) - imagehash.dhash(b)
    yield "PHASH", imagehash.phash(a) - imagehash.phash(b)
    yield "PERCEPTUAL_DISTANCE", distance(a, b)
    yield "CHANNEL_ORDER", channel_order(a, b)
    standing_out = blocks(a) / blocks(b)
    yield "BLOCKING", max(standing_out, 1 / standing_out) - 1
    greys = [numpy.asarray(image.convert("L")) / 255.0 for image in (a, b)]
    yield "EDGE_OVERLAP", edge_overlap(*(canny(grey, mode="nearest") for grey in greys))
    if min(a.size) >= 2 * CELL:
        yield "STRUCTURE_OVERLAP", cosine(*(hog(grey, pixels_per_cell=(CELL, CELL), cells_per_block=(2, 2)) for grey in greys))
    values = [numpy.atleast_3d(numpy.asarray(image)).astype(int) for image in (a, b)]
    changes = numpy.abs(values[0] - values[1])[numpy.asarray(mask(a.size)) < 128]
    yield "PROTECTED_MAE", changes.mean() / 255
    yield "PROTECTED_CHANGED", (changes.max(axis=-1) > 8).mean()


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    made = pictures()
    for name, image in made.items():
        image.save(target / f"{name}.png", optimize=True)

    for size in {made[first].size for first, _ in PAIRS}:
        mask(size).save(target / f"mask-{size[0]}x{size[1]}.png", optimize=True)

    lines = ["# " + ", ".join(f"{name} {version(name)}" for name in PACKAGES), "kind,expected,actual,metric,value"]
    for first, second in PAIRS:
        a, b = made[first], made[second]
        values = [numpy.asarray(image) / 255.0 for image in (a, b)]
        for metric, value in [*of_values(*values), *of_images(a, b)]:
            lines.append(f"bytes,{first},{second},{metric},{float(value)!r}")
    for first, second in [("tall", "tall-noise"), ("odd", "odd-jpeg")]:
        for metric, value in of_values(curved(made[first]), curved(made[second])):
            lines.append(f"floats,{first},{second},{metric},{float(value)!r}")
    (target / "metrics.csv").write_text("\n".join(lines) + "\n")

    lines = ["expected,actual,metric,row,column,value"]
    for first, second in [("scene", "scene-jpeg"), ("odd", "odd-jpeg"), ("grey", "grey-noise"), ("tall", "tall-noise")]:
        for metric, values in maps(*(numpy.asarray(made[name]) / 255.0 for name in (first, second))):
            height, width = values.shape
            for row in [0, 3, height // 3, height // 2, height - 1]:
                for column in [0, 7, width // 3, width // 2, width - 2]:
                    lines.append(f"{first},{second},{metric},{row},{column},{float(values[row, column])!r}")
    (target / "maps.csv").write_text("\n".join(lines) + "\n")

    lines = ["L1,a1,b1,L2,a2,b2,value"]
    for one, other in colours():
        lines.append(",".join(repr(float(x)) for x in [*one, *other, deltaE_ciede2000(one, other)]))
    (target / "colours.csv").write_text("\n".join(lines) + "\n")

    hashes = ["picture,dhash,phash"]
    for name, image in made.items():
        hashes.append(f"{name},{imagehash.dhash(image)},{imagehash.phash(image)}")
    (target / "hashes.csv").write_text("\n".join(hashes) + "\n")


if __name__ == "__main__":
    main()
