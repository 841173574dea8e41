"""Checksums of what Pillow makes of pictures in other sizes, for ResamplingTest: `python resampling.py TARGET`.

Made with Pillow 13.0.0.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from PIL import Image

CASES = [
    (64, 48, 3, 32, 24),
    (37, 53, 1, 64, 96),
    (101, 67, 3, 33, 100),
    (50, 50, 3, 50, 20),
    (50, 50, 1, 20, 50),
    (1, 1, 3, 5, 7),
    (7, 5, 3, 1, 1),
    (200, 3, 3, 16, 16),
    (3, 200, 3, 48, 16),
    (129, 65, 3, 128, 64),
]


def ramp(width: int, height: int, channels: int) -> Image.Image:
    """A ramp with noise on it, which the test makes by the same formula."""
    pixels = bytearray()
    state = width + height
    for i in range(width * height * channels):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        pixel = i // channels
        level = pixel % width * 5 + pixel // width * 3 + i % channels * 70
        pixels.append((level + (state >> 16) % 97) % 256)
    return Image.frombytes("L" if channels == 1 else "RGB", (width, height), bytes(pixels))


def main() -> None:
    lines = ["width, height, channels, newWidth, newHeight, lanczos, bicubic"]
    for width, height, channels, new_width, new_height in CASES:
        digests = []
        for way in (Image.Resampling.LANCZOS, Image.Resampling.BICUBIC):
            resized = ramp(width, height, channels).resize((new_width, new_height), way)
            digests.append(hashlib.sha256(resized.tobytes()).hexdigest())
        lines.append(f"{width}, {height}, {channels}, {new_width}, {new_height}, {', '.join(digests)}")
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
