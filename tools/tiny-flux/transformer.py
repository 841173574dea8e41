"""Trains transformer and text encoders together: `python transformer.py WORK PHASE [--steps N]`.

Every phase starts from the averaged weights of the one before, kept in WORK/model; a phase that was cut off goes on where its
last checkpoint was. The autoencoder's encoder must be final (its decoder need not be).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, FluxTransformer2DModel
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

import scenes
import text
from autoencoder import as_tensor
from captions import caption
from padding import Layout, lay_out, layout

PICTURES_PER_SCENE = {1: 12, 2: 4}
EMPTY_SHARE = 0.04
BOX_WEIGHT = 4.0
BOX_MARGIN = 3
# Constant lengths (the longest caption has 14 tokens and one end) spare the compiler a second look.
CLIP_POSITIONS = 16
WORD_POSITIONS = 15


@dataclass(frozen=True)
class Phase:
    """What one run of the training does."""

    steps: int
    rate: float
    """Learning rate after the warm-up; falls in a straight line to last_rate."""
    last_rate: float
    warm_up: int
    batch: int
    """Pictures of 64x64 a step."""
    large_share: float
    """Of the steps, how many are on pictures of 128x128."""
    large_batch: int
    full_length_share: float
    """Of the steps, how many are at 512 text positions; the others at 22 to 512."""
    runs: int
    """Representatives of the far padding (padding.py)."""
    average: float
    seed: int


PHASES = {
    "main": Phase(2500, 1.5e-3, 1.5e-3, 200, 64, 0.0, 0, 0.6, 7, 0.998, 41),
    "sizes": Phase(6500, 1.3e-3, 2e-5, 100, 64, 0.3, 24, 0.6, 7, 0.998, 42),
}


class Drawer(nn.Module):
    """The three trained parts as one module, so that one optimiser, one average and one checkpoint hold them."""

    def __init__(self, clip: CLIPTextModel, t5: T5EncoderModel, transformer: FluxTransformer2DModel):
        super().__init__()
        self.clip, self.t5, self.transformer = clip, t5, transformer


def fresh(clip_tokenizer: CLIPTokenizer, t5_tokenizer: T5TokenizerFast) -> Drawer:
    torch.manual_seed(40)
    transformer = FluxTransformer2DModel(
        in_channels=64,
        num_layers=2,
        num_single_layers=3,
        attention_head_dim=24,
        num_attention_heads=4,
        joint_attention_dim=64,
        pooled_projection_dim=64,
        guidance_embeds=True,
        axes_dims_rope=(8, 8, 8),
    )
    for name, parameter in transformer.named_parameters():
        if "norm_" in name and "linear" not in name:
            continue
        if parameter.ndim < 2 or any(part in name for part in ("norm", "guidance_embedder.linear_2")):
            nn.init.zeros_(parameter)
        elif name.startswith("proj_out"):
            nn.init.zeros_(parameter)
        elif "timestep_embedder" in name or "guidance_embedder" in name:
            nn.init.normal_(parameter, std=0.02)
        else:
            nn.init.xavier_uniform_(parameter)
    return Drawer(text.clip_encoder(clip_tokenizer), text.t5_encoder(t5_tokenizer), transformer)


def pack(latents: torch.Tensor) -> torch.Tensor:
    """(B, 16, h, w) to (B, h/2 * w/2, 64), as FluxPipeline packs."""
    batch, channels, height, width = latents.shape
    blocks = latents.view(batch, channels, height // 2, 2, width // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return blocks.reshape(batch, height * width // 4, channels * 4)


@torch.no_grad()
def training_latents(work: Path, training: list[scenes.Scene], scale: int) -> torch.Tensor:
    """(scene, picture, token, feature)"""
    kept = work / f"latents-{scale}.pt"
    if not kept.exists():
        vae = AutoencoderKL.from_pretrained(work / "vae")
        rng = random.Random(43 + scale)
        packed = []
        for scene in training:
            pictures = np.stack([scenes.draw(scene, rng, scale) for _ in range(PICTURES_PER_SCENE[scale])])
            mean = vae.encode(as_tensor(pictures)).latent_dist.mean
            packed.append(pack((mean - vae.config.shift_factor) * vae.config.scaling_factor))
        torch.save(torch.stack(packed), kept)
    return torch.load(kept)


def token_weights(scene: scenes.Scene, scale: int) -> torch.Tensor:
    """The tokens that the nominal box of the shape touches count more; the mean is 1."""
    cx, cy = (scale * centre for centre in scenes.CENTRES[scene.place])
    reach = scale * scenes.HALF_WIDTHS[scene.size] + BOX_MARGIN
    edges = torch.arange(4 * scale) * 16
    across = (edges < cx + reach) & (edges + 16 > cx - reach)
    down = (edges < cy + reach) & (edges + 16 > cy - reach)
    weights = 1 + (BOX_WEIGHT - 1) * (down[:, None] & across[None, :]).float().flatten()
    return weights / weights.mean()


def image_ids(side: int) -> torch.Tensor:
    """(token, axis) of a square picture of so many tokens a side."""
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([torch.zeros(side * side), rows.flatten(), columns.flatten()], dim=1)


def timesteps(count: int) -> torch.Tensor:
    """Stratified: one draw in each of `count` slices of the logit-normal distribution, some replaced by uniform ones."""
    slices = (torch.randperm(count) + torch.rand(count)) / count
    logit_normal = torch.sigmoid(0.5 + math.sqrt(2) * torch.erfinv(2 * slices.clamp(1e-4, 1 - 1e-4) - 1))
    return torch.where(torch.rand(count) < 0.15, torch.rand(count), logit_normal)


class Batches:
    def __init__(self, work: Path, phase: Phase, clip_tokenizer: CLIPTokenizer, t5_tokenizer: T5TokenizerFast):
        self.training, _, _ = scenes.split()
        scales = [1, 2] if phase.large_share else [1]
        self.latents = {scale: training_latents(work, self.training, scale) for scale in scales}
        self.weights = {
            scale: torch.stack([token_weights(scene, scale) for scene in self.training]) for scale in scales
        }
        self.phase = phase
        self.clip_tokenizer, self.t5_tokenizer = clip_tokenizer, t5_tokenizer
        self.words: dict[str, tuple[list[int], list[int]]] = {}

    def ids(self, caption_text: str) -> tuple[list[int], list[int]]:
        if caption_text not in self.words:
            self.words[caption_text] = (
                self.clip_tokenizer(caption_text).input_ids,
                self.t5_tokenizer(caption_text).input_ids,
            )
        return self.words[caption_text]

    def draw(self, rng: random.Random):
        scale = 2 if rng.random() < self.phase.large_share else 1
        count = self.phase.large_batch if scale == 2 else self.phase.batch
        chosen = [rng.randrange(len(self.training)) for _ in range(count)]
        texts = ["" if rng.random() < EMPTY_SHARE else caption(self.training[i], rng) for i in chosen]
        pairs = [self.ids(one) for one in texts]
        end = self.clip_tokenizer.pad_token_id
        clip_ids = torch.tensor([clip + [end] * (CLIP_POSITIONS - len(clip)) for clip, _ in pairs])
        computed = WORD_POSITIONS + self.phase.runs
        length = text.T5_LENGTH
        if rng.random() >= self.phase.full_length_share:
            length = round(math.exp(rng.uniform(math.log(computed), math.log(text.T5_LENGTH))))
        chosen_layout = layout(WORD_POSITIONS, length, self.phase.runs, rng)
        t5_ids = torch.tensor([t5 + [0] * (computed - len(t5)) for _, t5 in pairs])
        pictures = torch.tensor([rng.randrange(PICTURES_PER_SCENE[scale]) for _ in chosen])
        index = torch.tensor(chosen)
        return self.latents[scale][index, pictures], self.weights[scale][index], clip_ids, t5_ids, chosen_layout


def loss_of(model: Drawer, latents, weights, clip_ids, t5_ids, chosen: Layout) -> torch.Tensor:
    count = len(latents)
    noise = torch.randn_like(latents)
    time_of = timesteps(count)
    mixed = (1 - time_of[:, None, None]) * latents + time_of[:, None, None] * noise
    guidance = torch.where(torch.rand(count) < 0.5, torch.full((count,), 3.5), 1 + 4 * torch.rand(count))
    pooled = model.clip(input_ids=clip_ids).pooler_output
    lay_out(model.t5, chosen)
    hidden = model.t5(input_ids=t5_ids).last_hidden_state
    bias = torch.cat([chosen.bias(), torch.zeros(latents.shape[1])])[None, None, None, :]
    velocity = model.transformer(
        hidden_states=mixed,
        encoder_hidden_states=hidden,
        pooled_projections=pooled,
        timestep=time_of,
        guidance=guidance,
        img_ids=image_ids(math.isqrt(latents.shape[1])),
        txt_ids=torch.zeros(hidden.shape[1], 3),
        joint_attention_kwargs={"attention_mask": bias},
        return_dict=False,
    )[0]
    return ((velocity - (noise - latents)) ** 2).mean(dim=2).mul(weights).mean()


def rate_at(phase: Phase, step: int) -> float:
    return min(1.0, (step + 1) / phase.warm_up) * (phase.rate + (phase.last_rate - phase.rate) * step / phase.steps)


def train(work: Path, name: str, phase: Phase) -> None:
    clip_tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    t5_tokenizer = T5TokenizerFast.from_pretrained(work / "tokenizer_2")
    model = fresh(clip_tokenizer, t5_tokenizer)
    average = fresh(clip_tokenizer, t5_tokenizer)
    kept = work / "model" / f"{name}.pt"
    kept.parent.mkdir(exist_ok=True)
    best = work / "model" / "average.pt"
    if best.exists():
        model.load_state_dict(torch.load(best))
    average.load_state_dict(model.state_dict())
    model.transformer.compile(dynamic=False)
    matrices = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
    others = [parameter for parameter in model.parameters() if parameter.ndim < 2]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
        betas=(0.9, 0.99),
        fused=True,
    )
    first = 0
    if kept.exists():
        state = torch.load(kept)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    torch.manual_seed(phase.seed + first)
    rng = random.Random(phase.seed + first)
    batches = Batches(work, phase, clip_tokenizer, t5_tokenizer)
    print(json.dumps({"phase": name, "from": first, **asdict(phase)}), flush=True)

    slow, fast = list(average.parameters()), list(model.parameters())
    started, running = time.time(), 0.0
    for step in range(first, phase.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(phase, step)
        loss = loss_of(model, *batches.draw(rng))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(fast, 1.0)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(slow, fast, 1 - min(phase.average, (step + 1) / (step + 10)))
        running += loss.item()
        done = step + 1
        if done % 100 == 0:
            seconds = time.time() - started
            print(f"{name} {done} loss {running / 100:.4f} {seconds:.0f}s", flush=True)
            running = 0.0
        if done % 500 == 0 or done == phase.steps:
            state = {
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": done,
            }
            torch.save(state, kept.with_suffix(".part"))
            kept.with_suffix(".part").replace(kept)
    torch.save(average.state_dict(), best)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("phase", choices=PHASES)
    parser.add_argument("--steps", type=int)
    arguments = parser.parse_args()
    chosen = PHASES[arguments.phase]
    if arguments.steps:
        chosen = Phase(**{**asdict(chosen), "steps": arguments.steps})
    train(arguments.work, arguments.phase, chosen)
