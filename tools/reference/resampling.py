"""What Pillow makes of a small picture in other sizes, for the tests of providers/core.

Run: python tools/reference/resampling.py
Made with Pillow 13.0.0.
"""

import json
from pathlib import Path

import PIL
from PIL import Image

TARGET = (
    Path(__file__).parents[2]
    / "providers/core/src/test/resources/dev/fluxbridge/providers/resampling.json"
)
WIDTH, HEIGHT = 13, 9


def picture() -> Image.Image:
    """Numbers that the tests make themselves."""
    cells = [
        (x * 37 + y * 59 + c * 101 + x * y * 13) % 256
        for y in range(HEIGHT)
        for x in range(WIDTH)
        for c in range(3)
    ]
    return Image.frombytes("RGB", (WIDTH, HEIGHT), bytes(cells))


def main() -> None:
    sizes = [(5, 4), (31, 20), (13, 4), (1, 1), (26, 9)]
    made = {
        "pillow": PIL.__version__,
        "resized": [
            {
                "width": w,
                "height": h,
                "pixels": list(picture().resize((w, h), Image.Resampling.LANCZOS).tobytes()),
            }
            for w, h in sizes
        ],
    }
    TARGET.write_text(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
