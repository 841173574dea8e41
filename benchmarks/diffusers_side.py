"""diffusers' side of local_against_diffusers.py, which says what the arguments mean and runs it; each task ends with a line of JSON."""

import json
import pathlib
import sys
import time

START = time.perf_counter()

import torch  # noqa: E402, the import is part of the start that is timed
from diffusers import AutoencoderKL, FluxPipeline, FluxTransformer2DModel  # noqa: E402
from diffusers.utils import logging  # noqa: E402

logging.disable_progress_bar()
PROMPT = "a large red circle at the left of a white background"


def now(device):
    """What time it is on the wall, and on all processors for this process."""
    if device != "cpu":
        torch.cuda.synchronize()
    return time.perf_counter(), time.process_time()


def say(first, moments, result):
    seconds, cpu = ([end[clock] - begin[clock] for begin, end in moments] for clock in range(2))
    print(json.dumps({"first": first, "seconds": seconds, "cpu": cpu, "magnitude": float(abs(result).mean())}))


def make(kind, tiny, target):
    """Random weights of a fixed seed in diffusers' layout."""
    torch.manual_seed(0)
    if kind == "vae":
        sides = {"down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4}
        AutoencoderKL(
            block_out_channels=[128, 256, 512, 512],
            layers_per_block=2,
            latent_channels=16,
            sample_size=1024,
            scaling_factor=0.3611,
            shift_factor=0.1159,
            use_quant_conv=False,
            use_post_quant_conv=False,
            **sides,
        ).save_pretrained(target)
    else:
        pipe = FluxPipeline.from_pretrained(tiny)
        pipe.transformer = FluxTransformer2DModel(
            num_layers=4,
            num_single_layers=8,
            attention_head_dim=128,
            num_attention_heads=8,
            joint_attention_dim=64,
            pooled_projection_dim=64,
            guidance_embeds=True,
            axes_dims_rope=[16, 56, 56],
        )
        pipe.save_pretrained(target)
    print("{}")


def steps(checkpoint, pixels, count, warm_up, pictures, device, dtype, threads):
    torch.set_num_threads(int(threads))
    pipe = FluxPipeline.from_pretrained(checkpoint, torch_dtype=getattr(torch, dtype)).to(device)
    pipe.set_progress_bar_config(disable=True)
    ended = []

    def stepped(pipe, index, timestep, tensors):
        ended.append(now(device))
        return {}

    def draw(seed):
        ended.clear()
        return pipe(
            PROMPT,
            height=int(pixels),
            width=int(pixels),
            num_inference_steps=int(count),
            generator=torch.Generator("cpu").manual_seed(seed),
            callback_on_step_end=stepped,
            callback_on_step_end_tensor_inputs=[],
            output_type="np",
        ).images

    first = None
    moments = []
    for seed in range(int(warm_up) + int(pictures)):
        picture = draw(seed)
        first = first or now(device)[0] - START
        if seed >= int(warm_up):
            moments += zip(ended, ended[1:])
    say(first, moments, picture)


def autoencoder(checkpoint, direction, pixels, device, dtype, threads):
    torch.set_num_threads(int(threads))
    vae = AutoencoderKL.from_pretrained(checkpoint, torch_dtype=getattr(torch, dtype)).to(device)

    @torch.no_grad()
    def code(side):
        channels, side = (vae.config.latent_channels, side // 8) if direction == "decode" else (3, side)
        x = torch.randn(1, channels, side, side, generator=torch.Generator("cpu").manual_seed(7)).to(device, vae.dtype)
        begin = now(device)
        if direction == "decode":
            y = vae.decode(x / vae.config.scaling_factor + vae.config.shift_factor).sample
        else:
            y = vae.encode(x).latent_dist.mode()
        return y, (begin, now(device))

    code(64)
    first = now(device)[0] - START
    y, moments = code(int(pixels))
    say(first, [moments], y)


if __name__ == "__main__":
    {"make": make, "steps": steps, "autoencoder": autoencoder}[sys.argv[1]](*sys.argv[2:])
