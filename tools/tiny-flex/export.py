"""Saves the trained transformer as the resources of tiny-flex: `python export.py CHECKPOINT WORK TARGET`.

TARGET gets model_index.json, the transformer and files.txt; the list also names the files that are tiny-flux's, with the hashes that
they had in training, so that unpacking beside another tiny-flux fails instead of drawing something else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import shared  # noqa: F401
import torch

from train import widened

LIST = "files.txt"
OWN = ("model_index.json", "transformer/")
CLASS_NAME = "Flex2Pipeline"


def save(checkpoint: Path, work: Path, target: Path) -> None:
    transformer = widened(checkpoint)
    transformer.load_state_dict(torch.load(work / "transformer.pt")["average"])
    transformer.save_pretrained(target / "transformer")
    index = json.loads((checkpoint / "model_index.json").read_text())
    index = {key: value for key, value in index.items() if value != [None, None]}
    index["_class_name"] = CLASS_NAME
    (target / "model_index.json").write_text(json.dumps(index, indent=2) + "\n")
    own = [target / "model_index.json", *sorted((target / "transformer").iterdir())]
    for path in own:
        path.chmod(0o644)
    lines = [line_of(path, target) for path in own]
    lines += [line for line in (checkpoint / LIST).read_text().splitlines(True) if not line.split()[2].startswith(OWN)]
    (target / LIST).write_text("".join(sorted(lines, key=lambda line: line.split()[2])))


def line_of(path: Path, folder: Path) -> str:
    content = path.read_bytes()
    return f"{hashlib.sha256(content).hexdigest()} {len(content)} {path.relative_to(folder).as_posix()}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    save(arguments.checkpoint, arguments.work, arguments.target)
