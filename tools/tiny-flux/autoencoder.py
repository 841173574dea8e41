"""Trains the autoencoder: `python autoencoder.py WORK STAGE [--steps N]`, STAGE being crops, whole or decoder.

crops    encoder and decoder on 32x32 crops around the shape (four times as many pictures a second)
whole    both on whole pictures, because group-norm statistics change from crop to picture; then the latents are fixed
decoder  decoder alone, with noise on the latents, so that it forgives what the transformer gets slightly wrong, and with
         pictures of 128x128 among the others

Every stage starts from the averaged weights of the one before, kept in WORK/vae.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import nn

import scenes
from judge import judge

PICTURES_PER_SCENE = 8
OTHER_PICTURES = 6000
OTHER_SHARE = 0.3
LARGE_SHARE = 0.25
LARGE_BATCH = 2
KL_WEIGHT = 1e-4


@dataclass(frozen=True)
class Stage:
    steps: int
    batch: int
    crop: int
    rate: float
    ink_weight: float
    latent_noise: float
    trains_encoder: bool
    seed: int


STAGES = {
    "crops": Stage(2400, 12, 32, 1e-3, 3.0, 0.0, True, 11),
    "whole": Stage(1300, 8, 64, 6e-4, 6.0, 0.0, True, 12),
    "decoder": Stage(2200, 8, 64, 6e-4, 4.0, 0.25, False, 13),
}


def fresh() -> AutoencoderKL:
    torch.manual_seed(10)
    vae = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 64),
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=4,
        sample_size=scenes.SIDE,
        use_quant_conv=False,
        use_post_quant_conv=False,
        force_upcast=False,
    )
    for name, parameter in vae.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        elif "conv2" in name or "to_out" in name:
            nn.init.zeros_(parameter)
        elif "conv1" in name:
            nn.init.kaiming_normal_(parameter)
        elif "upsamplers" in name:
            nn.init.dirac_(parameter)
            parameter.data += 0.02 * torch.randn_like(parameter)
        elif parameter.ndim == 4:
            nn.init.orthogonal_(parameter)
    vae.encoder.conv_out.bias.data[16:] = -5.0
    return vae


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """Drawn training pictures: those of the scenes and those of anything."""
    rng = random.Random(20)
    training, _, _ = scenes.split()
    of_scenes = np.stack([scenes.draw(scene, rng) for scene in training for _ in range(PICTURES_PER_SCENE)])
    of_anything = np.stack([scenes.draw_anything(rng) for _ in range(OTHER_PICTURES)])
    return of_scenes, of_anything


def as_tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def ink(batch: torch.Tensor) -> torch.Tensor:
    """Where a picture differs from its border, and two pixels around that."""
    ground = batch[:, :, :1, :].median(dim=3, keepdim=True).values
    mask = ((batch - ground).abs().amax(dim=1, keepdim=True) > 0.1).float()
    return nn.functional.max_pool2d(mask, 5, stride=1, padding=2)


def cropped(batch: torch.Tensor, mask: torch.Tensor, side: int, rng: random.Random):
    """Every picture cut around one of its ink pixels, give or take six."""
    if side == scenes.SIDE:
        return batch, mask
    cuts, masks = [], []
    for picture, weight in zip(batch, mask):
        spots = torch.nonzero(weight[0] > 0)
        y, x = spots[rng.randrange(len(spots))].tolist() if len(spots) else (32, 32)
        top = min(max(y - side // 2 + rng.randint(-6, 6), 0), scenes.SIDE - side)
        left = min(max(x - side // 2 + rng.randint(-6, 6), 0), scenes.SIDE - side)
        cuts.append(picture[:, top : top + side, left : left + side])
        masks.append(weight[:, top : top + side, left : left + side])
    return torch.stack(cuts), torch.stack(masks)


def train(work: Path, name: str, steps: int | None) -> None:
    stage = STAGES[name]
    total = steps or stage.steps
    torch.manual_seed(stage.seed)
    rng = random.Random(stage.seed)
    folder = work / "vae"
    vae = fresh() if name == "crops" else AutoencoderKL.from_pretrained(folder)
    vae.encoder.requires_grad_(stage.trains_encoder)
    average = copy.deepcopy(vae)
    trained = [parameter for parameter in vae.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=stage.rate, betas=(0.9, 0.99), weight_decay=0.0)
    of_scenes, of_anything = pictures()
    training, _, _ = scenes.split()

    started = time.time()
    for step in range(total):
        for group in optimiser.param_groups:
            group["lr"] = stage.rate * min(1, (step + 1) / 50) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / total)) / 2)
        if not stage.trains_encoder and rng.random() < LARGE_SHARE:
            chosen = [scenes.draw(rng.choice(training), rng, scale=2) for _ in range(LARGE_BATCH)]
        else:
            chosen = [
                of_anything[rng.randrange(len(of_anything))]
                if rng.random() < OTHER_SHARE
                else of_scenes[rng.randrange(len(of_scenes))]
                for _ in range(stage.batch)
            ]
        batch = as_tensor(np.stack(chosen))
        batch, mask = cropped(batch, ink(batch), stage.crop, rng)
        if stage.trains_encoder:
            posterior = vae.encode(batch).latent_dist
            latents = posterior.sample()
            penalty = KL_WEIGHT * posterior.kl().mean() / latents[0].numel()
        else:
            with torch.no_grad():
                posterior = vae.encode(batch).latent_dist
                latents = posterior.sample()
                strength = torch.rand(len(latents), 1, 1, 1) * stage.latent_noise
                strength *= (torch.rand(len(latents), 1, 1, 1) < 0.6).float()
                latents = latents + strength * torch.randn_like(latents)
            penalty = 0.0
        error = vae.decode(latents).sample - batch
        weight = 1 + stage.ink_weight * mask
        loss = ((error.abs() + 2 * error**2) * weight).sum() / (weight.sum() * 3) + penalty
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        with torch.no_grad():
            keep = min(0.995, step / (step + 10))
            for slow, fast in zip(average.parameters(), vae.parameters()):
                slow.lerp_(fast, 1 - keep)
        if step % 100 == 0:
            print(f"{name} {step} loss {loss.item():.4f} {time.time() - started:.0f}s", flush=True)
        if step % 500 == 499 or step == total - 1:
            average.save_pretrained(folder)
    if stage.trains_encoder and stage.crop == scenes.SIDE:
        set_scale(average, of_scenes)
        average.save_pretrained(folder)
    report(average)


@torch.no_grad()
def set_scale(vae: AutoencoderKL, of_scenes: np.ndarray) -> None:
    """Latents of the training scenes get mean 0 and deviation 1, as the transformer expects."""
    means = torch.cat([vae.encode(as_tensor(part)).latent_dist.mean for part in np.array_split(of_scenes[::4], 40)])
    vae.register_to_config(shift_factor=means.mean().item(), scaling_factor=1 / means.std().item())


@torch.no_grad()
def report(vae: AutoencoderKL, count: int = 160) -> None:
    """Reconstructs held-out scenes, with and without noise on the latents."""
    rng = random.Random(99)
    _, validation, test = scenes.split()
    held_out = (validation + test)[:count]
    originals = np.stack([scenes.draw(scene, rng) for scene in held_out])
    torch.manual_seed(99)
    for noise in (0.0, 0.2):
        latents = vae.encode(as_tensor(originals)).latent_dist.mode()
        decoded = vae.decode(latents + noise * torch.randn_like(latents)).sample
        pixels = ((decoded.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        error = np.abs(pixels.astype(float) - originals)
        on_ink = error[ink(as_tensor(originals))[:, 0].numpy() > 0].mean()
        right = sum(judge(picture).agrees(scene) for picture, scene in zip(pixels, held_out))
        print(json.dumps({
            "latent_noise": noise,
            "mean_error": round(error.mean(), 2),
            "error_on_ink": round(float(on_ink), 2),
            "judged_right": f"{right}/{count}",
        }), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--steps", type=int)
    arguments = parser.parse_args()
    train(arguments.work, arguments.stage, arguments.steps)
