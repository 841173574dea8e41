"""Small ONNX files and what the real Python classes make of them, for golden/onnx: `python onnx_measures.py TARGET`.

Python 3.11 with `pip install torch==2.7.1 torchvision==0.22.1 transformers==4.57.1 tokenizers==0.22.2 lpips==0.1.4 optimum==2.3.0
optimum-onnx==0.1.0 onnx==1.23.2 onnxruntime==1.31.1 pillow==13.0.0`. Nothing is downloaded: the weights are random, from fixed seeds,
and the vocabulary is learned from the texts below. Every reference value is of torch, Pillow and transformers, not of ONNX Runtime.
"""

from __future__ import annotations

import collections
import json
import random
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import lpips
import numpy
import onnx
import torch
from onnx import TensorProto, helper
from PIL import Image, ImageDraw
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import nn
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPProcessor,
    CLIPTextConfig,
    CLIPTokenizer,
    CLIPTokenizerFast,
    CLIPVisionConfig,
)

PACKAGES = ["torch", "transformers", "tokenizers", "lpips", "optimum", "optimum-onnx", "onnx", "pillow", "numpy"]
START, END = "<|startoftext|>", "<|endoftext|>"
VOCABULARY = 1200
SIDE = 32

TEXTS = [
    "", " ", "a red circle", "A Large RED Circle At The Left Of A White Background", "a large red circle, at the left.",
    "a  large   red    circle", "  leading and trailing  ", "red\ncircle\tsquare\r\ncross", "red,circle", "red.circle!square?",
    "it's the artist's circle, they're red, I'd say", "IT'S RED'S", "don't can't won't we've I'm you'll", "'s 't 're", "s't''s",
    "\u2019curly\u2019 \u201cquotes\u201d it\u2019s", "1 circle, 22 squares, 3.14 triangles", "4k 8k 1024x1024", "12345678901234567890",
    "caf\u00e9 na\u00efve \u00fcber \u00c5ngstr\u00f6m", "cafe\u0301 decomposed", "\u212bngstr\u00f6m \u2126", "\u00c9COLE STRASSE stra\u00dfe \u0130stanbul I\u0307",
    "\u039f\u0394\u039f\u03a3 \u03a3\u0391\u03a3 \u03c3\u03c2", "\u01c5 \u01c8 \u1e9e \u1f88", "\ufb01ne \ufb02ow ligatures", "\uff32\uff25\uff24 full width",
    "\u7ea2\u8272\u7684\u5706", "red\u7ea2circle", "\u8d64\u3044\u4e38\u3002\u30a2\u30ab\u30a4\u30de\u30eb", "\uac00\uac01 \u1112\u1161\u11ab", "\u0430 \u041a\u0420\u0410\u0421\u041d\u042b\u0419 \u043a\u0440\u0443\u0433",
    "\u0645\u0631\u0628\u0639 \u0623\u062d\u0645\u0631", "\u0663\u0664 \u09e9 \u0e53", "\u0928\u092e\u0938\u094d\u0924\u0947", "\U0001f534 circle", "\U0001f468\u200d\U0001f469\u200d\U0001f467 family", "\u2764\ufe0f heart\U0001f1e9\U0001f1ea",
    "\U0001f44d\U0001f3fd ok", "zero\u200bwidth non\u00a0breaking\u3000wide\u2028line\u0085next", "\u180e mongolian \ufeff mark", "soft\u00adhyphen",
    "a (large:1.5) [red] {circle} <lora:x:1>", "a </s> b</w>c", "<pad> red <unk>", "&amp; &lt;b&gt; &#39;", "http://example.org/a_b?c=d&e=f#g",
    "_ __ ___ - -- --- ... ....", "#red @circle $5 50% 2^3 a*b a/b a\\b a|b ~", "redcircle bluesquare", "\u2581 literal mark",
    "\u00bd \u2460 \u2122 \u00b2 \u2167 \u3007", "\x00 control \x07 bell \x7f \x1c\x1f", "\U00020000\U0002a6d6", "\U0001d400\U0001d7d8 math",
    "<|endoftext|> red", "red<|startoftext|>circle <|endoftext|>", "<|ENDOFTEXT|> <|StartOfText|>", "< | endoftext | >", "<|endoftext|><|endoftext|>",
    "a red circle " * 60, "x" * 600, "\U0001f534" * 80, "a " * 75, "a " * 76,
]
ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "    \t\n\u00a0\u2003", "'\"`\u2019", ".,;:!?-_/\\|()[]{}<>@#$%^&*+=~",
    "\u00e0\u00e9\u00ee\u00f5\u00fc\u00df\u00c7\u0152\u0301\u0308", "\u0391\u0392\u03a3\u03c3\u03c2\u03c9", "\u0416\u0439\u0451\u042f", "\u05d0\u05dc\u0645\u0631", "\u4e00\u7ea2\u5706\u3042\u30ab\uac00",
    "\U0001f534\U0001f600\u2764\ufe0f\u200d\U0001f3fd", "\u0967\u0662\u00bd\u2163",
]


def texts() -> list[str]:
    """Those above, and 300 of words, contractions and alphabets thrown together."""
    draw = random.Random(5)
    words = "a red circle it's they'll WE'VE don't squares 3d 1024x768 Blue background, caf\u00e9 \u7ea2 \u043a\u0440\u0443\u0433 \U0001f534".split()
    made = []
    for _ in range(300):
        parts = []
        for _ in range(draw.randint(1, 9)):
            if draw.random() < 0.5:
                parts.append(draw.choice(words) + draw.choice(["", " ", "  ", ",", "'"]))
            else:
                alphabet = draw.choice(ALPHABETS)
                parts.append("".join(draw.choice(alphabet) for _ in range(draw.randint(1, 6))) + draw.choice(["", " "]))
        made.append("".join(parts))
    return TEXTS + made


def vocabulary(folder: Path) -> None:
    """vocab.json and merges.txt as those of CLIP, of ids in CLIP's order, learned from the texts."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    words = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(words, "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    bytes_as_letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, initial_alphabet=bytes_as_letters, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator(texts() * 2, trainer)
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    tokens = bytes_as_letters + [letter + "</w>" for letter in bytes_as_letters] + ["".join(pair) for pair in merges]
    tokens = list(dict.fromkeys(tokens)) + [START, END]
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in merges) + "\n", encoding="utf-8")


def picture(width: int, height: int, seed: int) -> Image.Image:
    noise = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    ramps = numpy.stack([60 + 150 * x / width, 200 - 120 * y / height, 90 + 60 * numpy.sin(x / 3 + y / 5)], axis=-1)
    image = Image.fromarray((ramps + noise.normal(0, 6, (height, width, 1))).clip(0, 255).astype(numpy.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.1, height * 0.2, width * 0.6, height * 0.8), fill=(230, 30, 20 + 40 * seed % 200))
    draw.rectangle((width * 0.6, height * 0.1, width * 0.95, height * 0.4), fill=(10, 60, 220), outline=(255, 255, 255))
    return image


def pictures() -> dict[str, Image.Image]:
    sizes = {"square": (32, 32), "wide": (61, 47), "tall": (40, 96), "strip": (300, 40), "small": (20, 33), "pillar": (33, 130), "large": (128, 96)}
    made = {name: picture(*size, seed) for seed, (name, size) in enumerate(sizes.items())}
    made["grey"] = made["wide"].convert("L")
    made["noisy"] = Image.fromarray((numpy.asarray(made["large"]).astype(int) + numpy.random.default_rng(3).integers(-20, 21, (96, 128, 3))).clip(0, 255).astype(numpy.uint8))
    made["swapped"] = Image.fromarray(numpy.ascontiguousarray(numpy.asarray(made["large"])[..., ::-1]))
    return made


class TinyFeatures(nn.Module):
    """Stands where LPIPS has AlexNet: three stages whose outputs are compared."""

    WIDTHS = [6, 8, 10]

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(nn.Conv2d(before, after, 3, stride=2, padding=1), nn.ReLU())
            for before, after in zip([3, *self.WIDTHS], self.WIDTHS)
        )

    def forward(self, pixels: torch.Tensor) -> tuple:
        outputs = []
        for stage in self.stages:
            pixels = stage(pixels)
            outputs.append(pixels)
        return collections.namedtuple("Outputs", [f"relu{i}" for i in range(len(outputs))])(*outputs)


def tiny_lpips() -> lpips.LPIPS:
    """LPIPS' own class, scaling, normalisation and weighting, over a network small enough to be committed."""
    torch.manual_seed(1)
    model = lpips.LPIPS(net="alex", pretrained=False, pnet_rand=True, verbose=False)
    model.net = TinyFeatures()
    model.chns, model.L = TinyFeatures.WIDTHS, len(TinyFeatures.WIDTHS)
    model.lins = nn.ModuleList(lpips.lpips.NetLinLayer(width) for width in TinyFeatures.WIDTHS)
    for layer in model.lins:
        layer.model[-1].weight.data.abs_()
    return model.eval()


def numbers(image: Image.Image) -> torch.Tensor:
    """As lpips.im2tensor: (1, 3, H, W) from -1 to 1."""
    return torch.from_numpy(numpy.asarray(image.convert("RGB")).astype(numpy.float32).transpose(2, 0, 1)[None] / 127.5 - 1)


def export_lpips(model: nn.Module, file: Path, sides: dict | None, size: int = 64) -> None:
    example = torch.zeros(1, 3, size, size)
    axes = None if sides is None else {"in0": sides, "in1": sides}
    torch.onnx.export(model, (example, example), str(file), input_names=["in0", "in1"], output_names=["distance"], dynamic_axes=axes, dynamo=False)


def wrong_files(target: Path) -> None:
    """Files that must be refused, and one that computes no number."""

    def save(name: str, inputs: list, outputs: list, nodes: list) -> None:
        model = helper.make_model(helper.make_graph(nodes, name, inputs, outputs), opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, target / f"{name}.onnx")

    def pixels(name: str, kind: int = TensorProto.FLOAT, channels: int = 3) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, ["B", channels, "H", "W"])

    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, [])
    mean = [helper.make_node("Sub", ["a", "b"], ["d"]), helper.make_node("ReduceMean", ["d"], ["out"], keepdims=0)]
    logarithm = [mean[0], helper.make_node("ReduceMean", ["d"], ["m"], keepdims=0), helper.make_node("Abs", ["m"], ["p"]), helper.make_node("Neg", ["p"], ["n"]), helper.make_node("Sqrt", ["n"], ["r"]), helper.make_node("Div", ["r", "p"], ["out"])]
    save("not-a-number", [pixels("a"), pixels("b")], [out], logarithm)
    save("one-input", [pixels("a")], [out], [helper.make_node("ReduceMean", ["a"], ["out"], keepdims=0)])
    save("half-precision", [pixels("a", TensorProto.FLOAT16), pixels("b", TensorProto.FLOAT16)], [helper.make_tensor_value_info("out", TensorProto.FLOAT16, [])], mean)
    save("four-channels", [pixels("a", channels=4), pixels("b", channels=4)], [out], mean)
    save("a-map", [pixels("a"), pixels("b")], [pixels("out")], [helper.make_node("Sub", ["a", "b"], ["out"])])


def tiny_clip(folder: Path) -> tuple[CLIPModel, CLIPImageProcessor, CLIPTokenizerFast]:
    vocabulary(folder)
    tokenizer = CLIPTokenizerFast(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)
    ids = tokenizer.get_vocab()
    text = CLIPTextConfig(vocab_size=len(ids), hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, projection_dim=12, max_position_embeddings=77, bos_token_id=ids[START], eos_token_id=ids[END], pad_token_id=ids[END])
    vision = CLIPVisionConfig(hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, projection_dim=12, image_size=SIDE, patch_size=8)
    torch.manual_seed(2)
    model = CLIPModel(CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=12)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.mul_(4)  # else all random pictures and texts point the same way
    images = CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE})
    model.save_pretrained(folder)
    CLIPProcessor(images, tokenizer).save_pretrained(folder)
    return model, images, tokenizer


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, image in pictures().items():
        image.save(target / f"{name}.png", optimize=True)
    origin = "# " + ", ".join(f"{name} {version(name)}" for name in PACKAGES)

    wrong_files(target)
    distance = tiny_lpips()
    export_lpips(distance, target / "lpips.onnx", {0: "batch", 2: "height", 3: "width"})
    export_lpips(distance, target / "lpips-64x64.onnx", None)
    rows = [origin, "one,other,distance"]
    made = pictures()
    with torch.no_grad():
        for one, other in [("large", "noisy"), ("large", "swapped"), ("noisy", "swapped"), ("large", "large"), ("wide", "grey"), ("grey", "wide")]:
            rows.append(f"{one},{other},{distance(numbers(made[one]), numbers(made[other])).item():.9g}")
    (target / "distances.csv").write_text("\n".join(rows) + "\n")

    with tempfile.TemporaryDirectory() as work:
        model, images, tokenizer = tiny_clip(Path(work))
        shutil.rmtree(target / "clip", ignore_errors=True)
        subprocess.run(["optimum-cli", "export", "onnx", "--model", work, "--task", "zero-shot-image-classification", str(target / "clip")], check=True)
        slow = CLIPTokenizer.from_pretrained(work)
    lines = []
    same = 0
    for text in texts():
        ids = tokenizer(text, truncation=True, max_length=77).input_ids
        same += ids == slow(text, truncation=True, max_length=77).input_ids
        lines.append(json.dumps({"text": text, "ids": ids}))
    print(f"the tokenizer without the tokenizers library agrees on {same} of {len(lines)} texts")
    (target / "tokens.ndjson").write_text("\n".join(lines) + "\n")

    rows = [origin, "picture,text,score"]
    prompts = ["a red circle", "a large blue square, at the left.", "\U0001f534 circle", "", "a red circle " * 60]
    (target / "prompts.json").write_text(json.dumps(prompts) + "\n")
    with torch.no_grad():
        for name, image in made.items():
            pixels = images(image, return_tensors="np")["pixel_values"].astype("<f4")
            (target / f"{name}.f32").write_bytes(pixels.tobytes())
            seen = model.get_image_features(torch.from_numpy(pixels))
            for i, prompt in enumerate(prompts):
                read = model.get_text_features(**tokenizer(prompt, truncation=True, max_length=77, return_tensors="pt"))
                rows.append(f"{name},{i},{100 * torch.cosine_similarity(seen, read).item():.9g}")
    (target / "scores.csv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
