"""Golden pictures: `python pictures.py TARGET`, from Pillow, diffusers' VaeImageProcessor and torch's interpolate.

The inputs are made by formulas that the Java tests repeat, so only hashes and a few samples of the outputs are stored.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
from pathlib import Path

import diffusers
import numpy as np
import PIL
import torch
import torch.nn.functional as F
from diffusers.image_processor import VaeImageProcessor
from diffusers.pipelines.flux import pipeline_flux_kontext as kontext
from PIL import Image, ImageFilter

IMAGES = VaeImageProcessor(vae_scale_factor=16, vae_latent_channels=16)
MASKS = VaeImageProcessor(
    vae_scale_factor=16, vae_latent_channels=16, do_normalize=False, do_binarize=True, do_convert_grayscale=True
)
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def picture(width: int, height: int, channels: int, seed: int) -> Image.Image:
    """A ramp with noise on it, by a linear congruential generator."""
    state = seed
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                state = (state * 1103515245 + 12345) & 0x7FFFFFFF
                pixels.append((x * 5 + y * 3 + c * 70 + (state >> 16) % 97) & 255)
    return Image.frombytes(MODES[channels], (width, height), bytes(pixels))


def block(width: int, height: int, left: int, top: int, right: int, bottom: int) -> Image.Image:
    """A black mask with a block that is bright and not quite even."""
    pixels = np.zeros((height, width), np.uint8)
    for y in range(top, bottom):
        for x in range(left, right):
            pixels[y, x] = 255 - (x * y) % 40
    return Image.fromarray(pixels)


def tensor(*shape: int, low: float) -> torch.Tensor:
    values = np.sin(0.37 * np.arange(np.prod(shape), dtype=np.float64)) * 0.5 + 0.5 + low
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def of_picture(image: Image.Image) -> dict:
    pixels = image.tobytes()
    return {"size": list(image.size), "channels": len(image.getbands()), "sha256": hashlib.sha256(pixels).hexdigest(), "first": list(pixels[:6])}


def of_tensor(values: torch.Tensor) -> dict:
    numbers = values.contiguous().numpy().astype("<f4")
    return {
        "shape": list(values.shape),
        "sha256": hashlib.sha256(numbers.tobytes()).hexdigest(),
        "first": [float(v) for v in numbers.ravel()[:4]],
    }


def resizes() -> list[dict]:
    cases = []
    for filter_name, filter in (("LANCZOS", Image.LANCZOS), ("BICUBIC", Image.BICUBIC)):
        for width, height, to in (
            (64, 48, (32, 24)), (37, 53, (64, 96)), (101, 67, (33, 100)), (50, 50, (50, 20)), (50, 50, (20, 50)), (1, 1, (5, 7)),
            (7, 5, (1, 1)), (31, 17, (31, 17)), (200, 3, (16, 16)), (3, 200, (48, 16)), (129, 65, (128, 64)),
        ):
            for channels in MODES:
                result = picture(width, height, channels, width + height).resize(to, filter)
                cases.append({"filter": filter_name, "from": [width, height], "in_channels": channels, **of_picture(result)})
    return cases


def preprocessed() -> list[dict]:
    cases = []
    for name, processor in (("images", IMAGES), ("masks", MASKS)):
        for width, height, to_width, to_height in ((64, 48, 32, 48), (45, 71, 64, 64), (64, 64, 64, 64), (100, 50, 47, 33)):
            for channels in MODES:
                image = picture(width, height, channels, 7)
                result = processor.preprocess(image, height=to_height, width=to_width)
                cases.append({"kind": name, "from": [width, height], "in_channels": channels, "to": [to_width, to_height], **of_tensor(result)})
        for crop in ((0, 0, 30, 30), (10, 5, 40, 55), (-8, 20, 72, 40), (40, 30, 64, 48), (5, 5, 35, 15), (3, 1, 61, 47), (0, 0, 17, 48)):
            for channels in MODES:
                image = picture(64, 48, channels, 9)
                result = processor.preprocess(image, height=48, width=64, resize_mode="fill", crops_coords=crop)
                cases.append({"kind": name, "from": [64, 48], "in_channels": channels, "to": [64, 48], "crop": list(crop), **of_tensor(result)})
    return cases


def tensors() -> list[dict]:
    cases = []
    for name, processor in (("images", IMAGES), ("masks", MASKS)):
        for shape, low, to in (
            ((1, 3, 32, 32), 0, (32, 32)), ((2, 3, 33, 50), 0, (48, 64)), ((1, 3, 100, 70), 0, (32, 48)), ((1, 3, 32, 32), -0.5, (64, 64)),
            ((1, 16, 8, 8), -0.5, (64, 64)), ((2, 1, 64, 48), 0, (32, 16)), ((3, 40, 40), 0, (32, 32)), ((1, 3, 7, 300), 0, (112, 272)),
        ):
            result = processor.preprocess(tensor(*shape, low=low), height=to[1], width=to[0])
            cases.append({"kind": name, "from": list(shape), "low": low, "to": list(to), **of_tensor(result)})
    result = MASKS.preprocess(tensor(40, 40, low=0), height=32, width=32)
    return [*cases, {"kind": "masks", "from": [40, 40], "low": 0, "to": [32, 32], **of_tensor(result)}]


def planes() -> list[dict]:
    cases = []
    for shape, to in (((1, 1, 64, 64), (8, 8)), ((2, 3, 33, 50), (13, 7)), ((1, 2, 5, 9), (23, 31)), ((1, 1, 8, 8), (16, 16)), ((1, 1, 1, 1), (3, 3)), ((1, 1, 100, 70), (100, 35))):
        values = tensor(*shape, low=-0.2)
        bilinear = F.interpolate(values, size=to, mode="bilinear", align_corners=False)
        cases.append({
            "from": list(shape), "nearest": of_tensor(F.interpolate(values, size=to)),
            "bilinear": {"shape": list(bilinear.shape), "values": [float(v) for v in bilinear.ravel()[:120]]},
        })
    return cases


def blurs() -> list[dict]:
    cases = []
    for radius in (0, 0.3, 1, 2, 3.5, 12, 33):
        for width, height, channels in ((40, 30, 1), (5, 90, 1), (1, 1, 1), (33, 21, 3), (16, 16, 4)):
            image = picture(width, height, channels, 3)
            cases.append({"radius": radius, "from": [width, height], "in_channels": channels, **of_picture(IMAGES.blur(image, radius))})
    return cases


def regions() -> list[dict]:
    cases = []
    for size, at in (
        ((64, 48), (10, 10, 20, 20)), ((64, 48), (0, 0, 5, 40)), ((64, 48), (60, 40, 64, 48)), ((64, 48), (0, 0, 64, 48)), ((64, 48), (30, 0, 31, 48)),
        ((37, 91), (3, 80, 36, 91)), ((37, 91), (1, 1, 2, 2)), ((100, 20), (50, 3, 99, 5)),
    ):
        for drawn in ((64, 64), (128, 32), (32, 96), (1024, 768)):
            for pad in (0, 3, 32, 500):
                region = MASKS.get_crop_region(block(*size, *at), drawn[0], drawn[1], pad=pad)
                cases.append({"mask": list(size), "block": list(at), "drawn": list(drawn), "pad": pad, "region": list(region)})
    return cases


def overlays() -> list[dict]:
    cases = []
    for crop in (None, (10, 5, 40, 45), (0, 0, 64, 48), (33, 20, 64, 48), (-6, 0, 20, 20), (50, 40, 70, 60)):
        for before in MODES:
            for drawn_channels in (3, 1, 4):
                for blurred in (False, True):
                    mask = block(64, 48, 12, 8, 50, 40)
                    if blurred:
                        mask = mask.filter(ImageFilter.GaussianBlur(3))
                    drawn = picture(64, 64, drawn_channels, 5) if crop else picture(64, 48, drawn_channels, 5)
                    result = IMAGES.apply_overlay(mask, picture(64, 48, before, 2), drawn, crop)
                    cases.append({"crop": crop, "before": before, "drawn": drawn_channels, "blurred": blurred, **of_picture(result)})
    return cases


def kontext_sizes() -> dict:
    drawn = []
    for width, height, area in (
        (1024, 1024, 1024**2), (1920, 1080, 1024**2), (512, 768, 1024**2), (64, 64, 64 * 64), (100, 300, 96 * 96), (1000, 1, 1024**2 * 4), (333, 777, 300000),
    ):
        aspect = width / height
        sides = [round((area * aspect) ** 0.5) // 16 * 16, round((area / aspect) ** 0.5) // 16 * 16]
        drawn.append({"asked": [width, height], "area": area, "drawn": sides})
    reference = []
    for width in range(16, 2048, 112):
        for height in range(16, 2048, 144):
            _, w, h = min((abs(width / height - w / h), w, h) for w, h in kontext.PREFERRED_KONTEXT_RESOLUTIONS)
            reference.append([width, height, w, h])
    # The arithmetic stands in the middle of the pipeline's call and cannot be run by itself.
    assert "width = round((max_area * aspect_ratio) ** 0.5)" in inspect.getsource(kontext)
    return {"drawn": drawn, "reference": reference}


def postprocessed() -> dict:
    values = torch.from_numpy((np.arange(3 * 20 * 30, dtype=np.float64) / 1799 * 2.2 - 1.1).astype(np.float32).reshape(1, 3, 20, 30))
    halves = torch.from_numpy(((np.arange(256, dtype=np.float64) + 0.5) / 255).astype(np.float32).reshape(1, 1, 16, 16)).clamp(0, 1)
    return {
        "ramp": of_picture(IMAGES.postprocess(values)[0]),
        "halves": of_picture(IMAGES.numpy_to_pil(IMAGES.pt_to_numpy(halves))[0]),
    }


def main(target: Path) -> None:
    torch.set_num_threads(1)
    golden = {
        "versions": {"diffusers": diffusers.__version__, "pillow": PIL.__version__, "torch": torch.__version__, "numpy": np.__version__},
        "resizes": resizes(), "preprocessed": preprocessed(), "tensors": tensors(), "planes": planes(), "blurs": blurs(),
        "regions": regions(), "overlays": overlays(), "kontext": kontext_sizes(), "postprocessed": postprocessed(),
    }
    (target / "pictures.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    main(parser.parse_args().target)
