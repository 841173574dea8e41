"""Golden token ids: `python token_ids.py CHECKPOINT TARGET`.

What CLIPTokenizer (padded to 77) and T5TokenizerFast (to 64 and to 512, as in FluxPipeline) make of texts that are easy to get
wrong. Trailing padding is left out of the lists; the pipeline's call pads with the ids named at the top.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import tokenizers
import transformers
from transformers import CLIPTokenizer, T5TokenizerFast

TEXTS = [
    "",
    " ",
    "a large red circle at the left of a white background",
    "A Large RED Circle At The Left Of A White Background",
    "a large red circle, at the left.",
    "a  large   red    circle",
    "  leading and trailing  ",
    "red\ncircle\tsquare\r\ncross",
    "red,circle",
    "red.circle!square?",
    "it's the artist's circle, they're red, I'd say",
    "IT'S RED'S",
    "don't can't won't we've I'm you'll",
    "\u2019curly\u2019 \u201cquotes\u201d",
    "1 circle, 22 squares, 3.14 triangles",
    "4k 8k 1024x1024",
    "caf\u00e9 na\u00efve \u00fcber \u00c5ngstr\u00f6m",
    "cafe\u0301 decomposed",
    "\u00c9COLE STRASSE stra\u00dfe \u0130stanbul",
    "\ufb01ne \ufb02ow ligatures",
    "\uff52\uff45\uff44 full width",
    "\u7ea2\u8272\u7684\u5706",
    "red\u7ea2circle",
    "\u0430 \u043a\u0440\u0430\u0441\u043d\u044b\u0439 \u043a\u0440\u0443\u0433",
    "\u0645\u0631\u0628\u0639 \u0623\u062d\u0645\u0631",
    "\U0001f534 circle",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\u2764\ufe0f heart",
    "zero\u200bwidth non\u00a0breaking",
    "a (large:1.5) [red] {circle} <lora:x:1>",
    "<|endoftext|> red",
    "a </s> b",
    "<pad> red <unk>",
    "&amp; &lt;b&gt;",
    "http://example.org/a_b?c=d&e=f#g",
    "_ __ ___ - -- --- ... ....",
    "#red @circle $5 50% 2^3 a*b a/b a\\b a|b ~",
    "redcircle bluesquare",
    "backgrounds redder greens",
    "\u2581 literal mark",
    "\u00bd \u2460 \u2122 \u00b2 \u2167",
    "\x00 control \x07 bell \x7f",
    "a red circle " * 60,
    "x" * 600,
]


def stripped(ids: list[int], pad: int, keep: int) -> list[int]:
    """Without the trailing padding; `keep` pads stay, where the pad is also the end mark."""
    end = len(ids)
    while end > 0 and ids[end - 1] == pad:
        end -= 1
    return ids[: end + keep]


def main(checkpoint: Path, target: Path) -> None:
    clip = CLIPTokenizer.from_pretrained(checkpoint / "tokenizer")
    t5 = T5TokenizerFast.from_pretrained(checkpoint / "tokenizer_2")
    rows = []
    for text in TEXTS:
        clip_ids = clip(text, padding="max_length", max_length=77, truncation=True).input_ids
        short = t5(text, padding="max_length", max_length=64, truncation=True).input_ids
        full = t5(text, padding="max_length", max_length=512, truncation=True).input_ids
        rows.append({
            "text": text,
            "clip": stripped(clip_ids, clip.pad_token_id, 1),
            "t5_64": stripped(short, t5.pad_token_id, 0),
            "t5_512": stripped(full, t5.pad_token_id, 0),
        })
    golden = {
        "versions": {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__},
        "clip_pad": clip.pad_token_id,
        "t5_pad": t5.pad_token_id,
        "texts": rows,
    }
    (target / "token_ids.json").write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    main(arguments.checkpoint, arguments.target)
