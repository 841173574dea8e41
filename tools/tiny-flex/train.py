"""Trains the 196-channel transformer: `python train.py CHECKPOINT WORK [--steps N] [--hold N]`.

CHECKPOINT is the folder of tiny-flux in the diffusers layout. Its text encoders and autoencoder are used as they are; its transformer is
where the training starts, with an input layer widened by columns of zeros. A run that was cut off goes on where its last checkpoint was.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import shared  # noqa: F401
import numpy as np
import torch
from diffusers import AutoencoderKL, FluxTransformer2DModel
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

import scenes
import text
import wording
from autoencoder import as_tensor
from cases import Case, case_of, free_case
from padding import Layout, lay_out, layout
from transformer import CLIP_POSITIONS, WORD_POSITIONS, image_ids, pack, timesteps

CHANNELS = 196
POOLS = {"named": 9000, "free": 5000, "kept": 11000}
TOKENS = 4
THING_WEIGHT, KEPT_WEIGHT = 4.0, 2.0
BOX_MARGIN = 3

PLAIN, INPAINT, CONTROL, BOTH = range(4)
ROLES = (PLAIN, INPAINT, CONTROL, BOTH)
SHARES = (0.2, 0.4, 0.25, 0.15)
EMPTY_SHARES = {PLAIN: 0.04, INPAINT: 0.08, CONTROL: 0.08, BOTH: 0.08}


@dataclass(frozen=True)
class Plan:
    steps: int = 9000
    hold: int = 6000
    """The learning rate stays until this step and falls in a straight line from there."""
    rate: float = 1.2e-3
    last_rate: float = 2e-5
    warm_up: int = 150
    batch: int = 64
    full_length_share: float = 0.6
    runs: int = 7
    average: float = 0.998
    seed: int = 61


def widened(checkpoint: Path) -> FluxTransformer2DModel:
    """The transformer of tiny-flux, which at first pays no attention to the 132 new features."""
    narrow = FluxTransformer2DModel.from_pretrained(checkpoint / "transformer")
    settings = {key: value for key, value in narrow.config.items() if not key.startswith("_")}
    wide = FluxTransformer2DModel(**{**settings, "in_channels": CHANNELS, "out_channels": 64})
    state = narrow.state_dict()
    weight = state["x_embedder.weight"]
    state["x_embedder.weight"] = torch.cat([weight, torch.zeros(len(weight), CHANNELS - weight.shape[1])], dim=1)
    wide.load_state_dict(state)
    return wide


@dataclass
class Pool:
    cases: list[Case]
    before: torch.Tensor
    """(case, 16, 8, 8), as are after and drawing."""
    after: torch.Tensor
    drawing: torch.Tensor
    mask: torch.Tensor
    """(case, 1, 8, 8)"""
    weights: torch.Tensor
    """(case, token)"""


def pool_cases(name: str) -> list[Case]:
    training, validation, test = scenes.split()
    held_out = frozenset(validation + test)
    rng = random.Random(f"tiny-flex {name}")
    if name == "free":
        return [free_case(rng, False, held_out) for _ in range(POOLS[name])]
    kept = name == "kept"
    return [
        free_case(rng, True, held_out)
        if kept and rng.random() < 0.3
        else case_of(training[i % len(training)], rng, True, kept)
        for i in range(POOLS[name])
    ]


@torch.no_grad()
def pool(checkpoint: Path, work: Path, name: str) -> Pool:
    cases = pool_cases(name)
    stored = work / f"{name}.pt"
    if not stored.exists():
        vae = AutoencoderKL.from_pretrained(checkpoint / "vae").eval()
        tensors = {
            "before": encoded(vae, [case.before() for case in cases]) if name != "free" else None,
            "after": encoded(vae, [case.after() for case in cases]),
            "drawing": encoded(vae, [case.drawing() for case in cases]),
        }
        torch.save(tensors, stored)
    tensors = torch.load(stored)
    masks = torch.from_numpy(np.stack([case.mask_picture() for case in cases]))[:, None].float() / 255
    masks = nn.functional.interpolate(masks, size=(2 * TOKENS, 2 * TOKENS), mode="bilinear", align_corners=False)
    return Pool(cases, mask=masks, weights=torch.stack([token_weights(case) for case in cases]), **tensors)


def encoded(vae: AutoencoderKL, pictures: list[np.ndarray]) -> torch.Tensor:
    parts = [
        (vae.encode(as_tensor(np.stack(pictures[i : i + 64]))).latent_dist.mean - vae.config.shift_factor)
        * vae.config.scaling_factor
        for i in range(0, len(pictures), 64)
    ]
    return torch.cat(parts)


def token_weights(case: Case) -> torch.Tensor:
    """The tokens that a shape touches count more, the new one's most; the mean is 1."""
    weights = torch.ones(TOKENS, TOKENS)
    for thing, weight in ((case.kept, KEPT_WEIGHT), (case.thing, THING_WEIGHT)):
        if thing:
            left, top, right, bottom = thing.box
            edges = torch.arange(TOKENS) * 16
            across = (edges < right + BOX_MARGIN) & (edges + 16 > left - BOX_MARGIN)
            down = (edges < bottom + BOX_MARGIN) & (edges + 16 > top - BOX_MARGIN)
            weights[down[:, None] & across[None, :]] = weight
    return weights.flatten() / weights.mean()


def pool_for(role: int, rng: random.Random) -> str:
    """A second shape only where the picture is given: without it nobody could know of it."""
    if role in (INPAINT, BOTH):
        return "kept" if rng.random() < 0.75 else "named"
    return "free" if rng.random() < (0.4 if role == CONTROL else 0.1) else "named"


def words_for(role: int, case: Case, rng: random.Random) -> str:
    if rng.random() < EMPTY_SHARES[role]:
        return ""
    chance = rng.random()
    if role == PLAIN:
        return wording.whole(case, rng) if chance < 0.85 else wording.shapeless(case, rng)
    if role == INPAINT:
        return wording.groundless(case, rng) if chance < 0.7 else wording.whole(case, rng)
    if role == CONTROL:
        return (
            wording.shapeless(case, rng)
            if chance < 0.65
            else wording.grounded(case, rng) if chance < 0.85 else wording.whole(case, rng)
        )
    return (
        wording.shapeless(case, rng)
        if chance < 0.5
        else wording.groundless(case, rng, 0.3, 0.3) if chance < 0.8 else wording.whole(case, rng)
    )


class Batches:
    def __init__(self, checkpoint: Path, work: Path, plan: Plan):
        self.pools = {name: pool(checkpoint, work, name) for name in POOLS}
        self.plan = plan
        self.clip_tokenizer = CLIPTokenizer.from_pretrained(checkpoint / "tokenizer")
        self.t5_tokenizer = T5TokenizerFast.from_pretrained(checkpoint / "tokenizer_2")
        self.words: dict[str, tuple[list[int], list[int]]] = {}

    def ids(self, caption: str) -> tuple[list[int], list[int]]:
        if caption not in self.words:
            self.words[caption] = (self.clip_tokenizer(caption).input_ids, self.t5_tokenizer(caption).input_ids)
        return self.words[caption]

    def draw(self, rng: random.Random):
        latents, extras, weights, captions = [], [], [], []
        for _ in range(self.plan.batch):
            role = rng.choices(ROLES, SHARES)[0]
            chosen = self.pools[pool_for(role, rng)]
            i = rng.randrange(len(chosen.cases))
            captions.append(words_for(role, chosen.cases[i], rng))
            latents.append(chosen.after[i])
            weights.append(chosen.weights[i])
            mask = chosen.mask[i] if role in (INPAINT, BOTH) else torch.ones_like(chosen.mask[i])
            inpaint = chosen.before[i] * (1 - mask) if role in (INPAINT, BOTH) else torch.zeros_like(chosen.after[i])
            drawing = chosen.drawing[i] if role in (CONTROL, BOTH) else torch.zeros_like(chosen.after[i])
            extras.append(torch.cat([inpaint, mask, drawing]))
        pairs = [self.ids(one) for one in captions]
        end = self.clip_tokenizer.pad_token_id
        clip_ids = torch.tensor([clip + [end] * (CLIP_POSITIONS - len(clip)) for clip, _ in pairs])
        computed = WORD_POSITIONS + self.plan.runs
        length = text.T5_LENGTH
        if rng.random() >= self.plan.full_length_share:
            length = round(math.exp(rng.uniform(math.log(computed), math.log(text.T5_LENGTH))))
        chosen_layout = layout(WORD_POSITIONS, length, self.plan.runs, rng)
        t5_ids = torch.tensor([t5 + [0] * (computed - len(t5)) for _, t5 in pairs])
        return (
            pack(torch.stack(latents)),
            pack(torch.stack(extras)),
            torch.stack(weights),
            clip_ids,
            t5_ids,
            chosen_layout,
        )


def loss_of(clip, t5, transformer, latents, extras, weights, clip_ids, t5_ids, chosen: Layout) -> torch.Tensor:
    count = len(latents)
    noise = torch.randn_like(latents)
    time_of = timesteps(count)
    mixed = (1 - time_of[:, None, None]) * latents + time_of[:, None, None] * noise
    guidance = torch.where(torch.rand(count) < 0.5, torch.full((count,), 3.5), 1 + 4 * torch.rand(count))
    with torch.no_grad():
        pooled = clip(input_ids=clip_ids).pooler_output
        lay_out(t5, chosen)
        hidden = t5(input_ids=t5_ids).last_hidden_state
    bias = torch.cat([chosen.bias(), torch.zeros(latents.shape[1])])[None, None, None, :]
    velocity = transformer(
        hidden_states=torch.cat([mixed, extras], dim=2),
        encoder_hidden_states=hidden,
        pooled_projections=pooled,
        timestep=time_of,
        guidance=guidance,
        img_ids=image_ids(TOKENS),
        txt_ids=torch.zeros(hidden.shape[1], 3),
        joint_attention_kwargs={"attention_mask": bias},
        return_dict=False,
    )[0]
    return ((velocity - (noise - latents)) ** 2).mean(dim=2).mul(weights).mean()


def rate_at(plan: Plan, step: int) -> float:
    fallen = max(0.0, (step - plan.hold) / max(1, plan.steps - plan.hold))
    return min(1.0, (step + 1) / plan.warm_up) * (plan.rate + (plan.last_rate - plan.rate) * fallen)


def train(checkpoint: Path, work: Path, plan: Plan) -> None:
    work.mkdir(parents=True, exist_ok=True)
    clip = CLIPTextModel.from_pretrained(checkpoint / "text_encoder").eval()
    t5 = T5EncoderModel.from_pretrained(checkpoint / "text_encoder_2").eval()
    model, average = widened(checkpoint), widened(checkpoint)
    stored = work / "transformer.pt"
    model.compile(dynamic=False)
    matrices = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
    others = [parameter for parameter in model.parameters() if parameter.ndim < 2]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
        betas=(0.9, 0.99),
        fused=True,
    )
    first = 0
    if stored.exists():
        state = torch.load(stored)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    torch.manual_seed(plan.seed + first)
    rng = random.Random(plan.seed + first)
    batches = Batches(checkpoint, work, plan)
    print(json.dumps({"from": first, **asdict(plan)}), flush=True)

    slow, fast = list(average.parameters()), list(model.parameters())
    started, running = time.time(), 0.0
    for step in range(first, plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(plan, step)
        loss = loss_of(clip, t5, model, *batches.draw(rng))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(fast, 1.0)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(slow, fast, 1 - min(plan.average, (step + 1) / (step + 10)))
        running += loss.item()
        done = step + 1
        if done % 100 == 0:
            print(f"{done} loss {running / 100:.4f} {time.time() - started:.0f}s", flush=True)
            running = 0.0
        if done % 500 == 0 or done == plan.steps:
            state = {
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": done,
            }
            torch.save(state, stored.with_suffix(".part"))
            stored.with_suffix(".part").replace(stored)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=Plan.steps)
    parser.add_argument("--hold", type=int, default=Plan.hold)
    arguments = parser.parse_args()
    train(arguments.checkpoint, arguments.work, Plan(steps=arguments.steps, hold=arguments.hold))
