"""Golden noise schedules: `python sigmas.py TARGET`, from diffusers' FlowMatchEulerDiscreteScheduler as FluxPipeline sets it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers import FlowMatchEulerDiscreteScheduler
from diffusers.pipelines.flux.pipeline_flux import calculate_shift, retrieve_timesteps

DEV = {"shift": 3.0, "use_dynamic_shifting": True, "base_shift": 0.5, "max_shift": 1.15}
SCHNELL = {"shift": 1.0, "use_dynamic_shifting": False, "base_shift": 0.5, "max_shift": 1.15}
STATIC = {"shift": 3.0, "use_dynamic_shifting": False, "base_shift": 0.5, "max_shift": 1.15}
LINEAR = DEV | {"time_shift_type": "linear"}
OWN = [1.0, 0.8, 0.55, 0.3, 0.1]


def golden(config: dict, tokens: int, steps: int, own: list[float] | None) -> dict:
    scheduler = FlowMatchEulerDiscreteScheduler(
        num_train_timesteps=1000, base_image_seq_len=256, max_image_seq_len=4096, **config
    )
    sigmas = np.linspace(1.0, 1 / steps, steps) if own is None else own
    mu = calculate_shift(tokens, 256, 4096, config["base_shift"], config["max_shift"])
    timesteps, count = retrieve_timesteps(scheduler, steps, "cpu", sigmas=sigmas, mu=mu)
    sample = torch.sin(torch.arange(8, dtype=torch.float32))
    velocity = torch.cos(torch.arange(8, dtype=torch.float32))
    stepped = scheduler.step(velocity, timesteps[0], sample, return_dict=False)[0]
    return {
        "config": config,
        "tokens": tokens,
        "steps": count,
        "own_sigmas": own,
        "mu": mu,
        "sigmas": scheduler.sigmas.tolist(),
        "timesteps": timesteps.tolist(),
        "first_step_of_sin_along_cos": stepped.tolist(),
    }


def main(target: Path) -> None:
    cases = [
        golden(config, tokens, steps, own)
        for config in (DEV, SCHNELL, STATIC, LINEAR)
        for tokens, steps, own in (
            (16, 28, None), (16, 1, None), (24, 4, None), (64, 8, None), (1024, 4, None), (4096, 28, None), (9216, 3, None),
            (16, 5, OWN), (4096, 5, OWN),
        )
    ]
    golden_file = {"versions": {"diffusers": diffusers.__version__, "torch": torch.__version__}, "cases": cases}
    (target / "sigmas.json").write_text(json.dumps(golden_file, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    main(parser.parse_args().target)
