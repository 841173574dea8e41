"""Opens a checkpoint with the Flex2Pipeline class of a given file, which is not ours to copy, and calls it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import shared  # noqa: F401
import numpy as np
import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxTransformer2DModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5TokenizerFast

import scenes


def pipeline(source: Path, checkpoint: Path, transformer: FluxTransformer2DModel):
    """source is the Python file that defines Flex2Pipeline, checkpoint the folder of tiny-flux."""
    spec = importlib.util.spec_from_file_location("flex_pipeline", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.Flex2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler.from_pretrained(checkpoint / "scheduler"),
        vae=AutoencoderKL.from_pretrained(checkpoint / "vae").eval(),
        text_encoder=CLIPTextModel.from_pretrained(checkpoint / "text_encoder").eval(),
        tokenizer=CLIPTokenizer.from_pretrained(checkpoint / "tokenizer"),
        text_encoder_2=T5EncoderModel.from_pretrained(checkpoint / "text_encoder_2").eval(),
        tokenizer_2=T5TokenizerFast.from_pretrained(checkpoint / "tokenizer_2"),
        transformer=transformer.eval(),
    )
    made.set_progress_bar_config(disable=True)
    return made


def draw(made, prompts, seeds, pictures=None, masks=None, drawings=None, steps=28, guidance_scale=3.5, **options):
    """(picture, 64, 64, 3) bytes."""
    if pictures is not None and drawings is None:
        # The class looks for the size of the control latents where there is no control image. It gets a black one, and an
        # encoder that says once, without touching the generators, that its latents are what normalises to zero.
        drawings = [Image.new("RGB", (scenes.SIDE, scenes.SIDE))] * len(prompts)
        with _Uncontrolled(made):
            return draw(made, prompts, seeds, pictures, masks, drawings, steps, guidance_scale, **options)
    found = made(
        prompt=list(prompts),
        inpaint_image=pictures,
        inpaint_mask=masks,
        control_image=drawings,
        height=scenes.SIDE,
        width=scenes.SIDE,
        num_inference_steps=steps,
        guidance_scale=guidance_scale,
        generator=[torch.Generator().manual_seed(seed) for seed in seeds],
        output_type="np",
        **options,
    ).images
    return np.rint(found * 255).astype(np.uint8)


class _Uncontrolled:
    """While it is entered, the first call of the autoencoder's encoder gives latents that normalise to zero."""

    def __init__(self, made):
        self.made, self.encode, self.first = made, made.vae.encode, True

    def __enter__(self):
        self.made.vae.encode = self._encode

    def __exit__(self, *_):
        del self.made.vae.encode

    def _encode(self, pictures):
        if not self.first:
            return self.encode(pictures)
        self.first = False
        shape = (len(pictures), 16, pictures.shape[2] // 8, pictures.shape[3] // 8)
        blank = torch.full(shape, self.made.vae.config.shift_factor, dtype=pictures.dtype)
        return SimpleNamespace(latent_dist=SimpleNamespace(sample=lambda generator=None: blank))
