"""Golden numbers of LoRA: `python lora.py CHECKPOINT TARGET`.

Writes small seeded LoRA files, one for each key format that diffusers reads, and what diffusers and peft draw with them in float32 on
the CPU: lora.safetensors holds, a tensor a case, the packed latents after 4 steps at 64x64 (1, 16, 64), the noise that all cases
begin with, and the transformer's velocity (1, 16, 64) for the control LoRA, whose input is wider; kohya-converted.safetensors is
what diffusers' converter makes of kohya.safetensors. lora.json lists the cases as the calls that were made on the pipeline.

diffusers' converters know only FLUX.1's own sizes (19 and 38 blocks, width 3072). They are used as they are, with these five
numbers replaced by the tiny checkpoint's.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
from pathlib import Path

import peft
import torch
from diffusers import FluxPipeline
from diffusers.loaders import lora_conversion_utils, lora_pipeline
from safetensors.torch import save_file
from text_to_image import versions

WIDTH, DOUBLE, SINGLE, TEXT = 96, 2, 3, 64
PROMPT = "a large red circle at the left of a white background"
SEED = 3
CONVERTERS = (
    "_convert_kohya_flux_lora_to_diffusers",
    "_convert_bfl_flux_control_lora_to_diffusers",
    "_convert_fal_kontext_lora_to_diffusers",
)


def shrink_converters() -> None:
    for name in CONVERTERS:
        source = inspect.getsource(getattr(lora_conversion_utils, name))
        for real, tiny in (
            ("range(19)", f"range({DOUBLE})"),
            ("range(38)", f"range({SINGLE})"),
            ("num_layers = 19", f"num_layers = {DOUBLE}"),
            ("num_single_layers = 38", f"num_single_layers = {SINGLE}"),
            ("inner_dim = 3072", f"inner_dim = {WIDTH}"),
            ("[3072, 3072, 3072, 12288]", f"[{WIDTH}, {WIDTH}, {WIDTH}, {4 * WIDTH}]"),
        ):
            source = source.replace(real, tiny)
        exec(source, lora_conversion_utils.__dict__)
        setattr(lora_pipeline, name, getattr(lora_conversion_utils, name))


class Writer:
    """Seeded pairs of factors whose product is about as large as a weight of the tiny model."""

    def __init__(self, seed: int):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors: dict[str, torch.Tensor] = {}

    def randn(self, *shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=self.generator)

    def pair(self, down: str, up: str, rank: int, out: int, into: int, strength: float = 0.5) -> None:
        self.tensors[down] = self.randn(rank, into) / math.sqrt(into)
        self.tensors[up] = self.randn(out, rank) * strength / math.sqrt(rank)

    def peft(self, module: str, rank: int, out: int, into: int, alpha: float | None = None) -> None:
        self.pair(f"{module}.lora_A.weight", f"{module}.lora_B.weight", rank, out, into)
        if alpha is not None:
            self.tensors[f"{module}.alpha"] = torch.tensor(float(alpha))

    def kohya(self, module: str, rank: int, out: int, into: int, alpha: float | None = None) -> None:
        self.pair(f"{module}.lora_down.weight", f"{module}.lora_up.weight", rank, out, into)
        if alpha is not None:
            self.tensors[f"{module}.alpha"] = torch.tensor(float(alpha))


def style() -> Writer:
    w = Writer(11)
    for module, out, into in (
        ("transformer_blocks.0.attn.to_q", 96, 96),
        ("transformer_blocks.0.attn.to_out.0", 96, 96),
        ("transformer_blocks.1.attn.add_k_proj", 96, 96),
        ("transformer_blocks.1.ff.net.0.proj", 384, 96),
        ("transformer_blocks.1.norm1_context.linear", 576, 96),
        ("single_transformer_blocks.0.proj_out", 96, 480),
        ("single_transformer_blocks.2.attn.to_v", 96, 96),
        ("single_transformer_blocks.2.proj_mlp", 384, 96),
        ("x_embedder", 96, 64),
        ("context_embedder", 96, 64),
        ("time_text_embed.text_embedder.linear_2", 96, 96),
        ("norm_out.linear", 192, 96),
        ("proj_out", 64, 96),
    ):
        w.peft(f"transformer.{module}", 4, out, into, alpha=2)
    return w


def subject() -> Writer:
    """No alphas, and more than one rank."""
    w = Writer(12)
    w.peft("transformer.single_transformer_blocks.0.attn.to_q", 3, 96, 96)
    w.peft("transformer.single_transformer_blocks.0.proj_out", 2, 96, 480)
    w.peft("transformer.transformer_blocks.0.attn.to_q", 2, 96, 96)
    w.peft("transformer.transformer_blocks.1.ff_context.net.2", 2, 96, 384)
    return w


def some_alphas() -> Writer:
    w = Writer(13)
    w.peft("transformer.single_transformer_blocks.1.attn.to_k", 2, 96, 96, alpha=1)
    w.peft("transformer.transformer_blocks.0.attn.to_v", 2, 96, 96, alpha=4)
    w.peft("transformer.transformer_blocks.1.attn.to_v", 2, 96, 96)
    return w


def words() -> Writer:
    w = Writer(14)
    w.peft("transformer.transformer_blocks.0.attn.to_k", 2, 96, 96, alpha=2)
    for layer in range(2):
        at = f"text_encoder.text_model.encoder.layers.{layer}"
        for projection in ("q_proj", "v_proj", "out_proj"):
            w.peft(f"{at}.self_attn.{projection}", 2, 64, 64, alpha=4)
        w.peft(f"{at}.mlp.fc1", 2, 256, 64, alpha=4)
    return w


def clip_only() -> Writer:
    w = Writer(15)
    for layer in range(2):
        at = f"text_encoder.text_model.encoder.layers.{layer}"
        w.peft(f"{at}.self_attn.out_proj", 2, 64, 64)
        w.peft(f"{at}.mlp.fc2", 2, 64, 256)
    return w


def old_names() -> Writer:
    """The names before peft, that old diffusers saved."""
    w = Writer(16)
    for module in ("transformer_blocks.0.attn.to_q", "single_transformer_blocks.1.attn.to_k"):
        w.pair(f"transformer.{module}.lora.down.weight", f"transformer.{module}.lora.up.weight", 2, 96, 96)
    at = "text_encoder.text_model.encoder.layers.0"
    for projection in ("q_proj", "out_proj"):
        module = f"{at}.self_attn.{projection}.lora_linear_layer"
        w.pair(f"{module}.down.weight", f"{module}.up.weight", 2, 64, 64)
    return w


def rank_stabilised() -> tuple[Writer, dict]:
    """Scales that stand in the metadata only, as diffusers 0.35 saves them."""
    w = Writer(17)
    modules = ("transformer_blocks.0.attn.to_q", "transformer_blocks.1.attn.to_out.0", "single_transformer_blocks.0.attn.to_v")
    for module, rank in zip(modules, (2, 3, 3)):
        w.peft(f"transformer.{module}", rank, 96, 96)
    config = {
        "r": 3,
        "lora_alpha": 6,
        "use_rslora": True,
        "target_modules": list(modules),
        "rank_pattern": {modules[0]: 2},
        "alpha_pattern": {modules[1]: 1},
    }
    return w, {f"transformer.{key}": value for key, value in config.items()}


def kohya() -> Writer:
    w = Writer(18)
    block = "lora_unet_double_blocks"
    w.kohya(f"{block}_0_img_attn_proj", 4, 96, 96, alpha=1)
    w.kohya(f"{block}_0_img_attn_qkv", 4, 288, 96, alpha=2)
    w.kohya(f"{block}_0_txt_attn_qkv", 4, 288, 96)
    w.kohya(f"{block}_0_img_mlp_0", 4, 384, 96, alpha=4)
    w.kohya(f"{block}_0_txt_mod_lin", 4, 576, 96, alpha=0.1)
    w.kohya(f"{block}_1_txt_mlp_2", 4, 96, 384, alpha=4)
    w.kohya("lora_unet_single_blocks_0_linear1", 4, 672, 96, alpha=2)
    w.kohya("lora_unet_single_blocks_1_linear2", 4, 96, 480, alpha=8)
    w.kohya("lora_unet_single_blocks_2_modulation_lin", 4, 288, 96, alpha=4)
    w.kohya("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 2, 64, 64, alpha=2)
    return w


def kohya_sparse() -> Writer:
    """Three adapters of rank 2 in one of rank 6, each in rows of its own."""
    w = Writer(19)
    module = "lora_unet_double_blocks_1_img_attn_qkv"
    w.kohya(module, 6, 288, 96, alpha=3)
    up = w.tensors[f"{module}.lora_up.weight"]
    for part in range(3):
        for other in range(3):
            if part != other:
                up[96 * part : 96 * part + 96, 2 * other : 2 * other + 2] = 0
    w.kohya("lora_unet_double_blocks_0_txt_attn_proj", 6, 96, 96, alpha=6)
    return w


def kohya_clip() -> Writer:
    w = Writer(20)
    w.kohya("lora_unet_double_blocks_0_img_mlp_2", 2, 96, 384, alpha=2)
    for layer in range(2):
        at = f"lora_te_text_model_encoder_layers_{layer}"
        for projection in ("q_proj", "k_proj", "out_proj"):
            w.kohya(f"{at}_self_attn_{projection}", 2, 64, 64, alpha=1)
        w.kohya(f"{at}_mlp_fc1", 2, 256, 64, alpha=4)
    return w


def kohya_embedders() -> Writer:
    """diffusers 0.35.2 drops these four without a word, for want of a prefix."""
    w = Writer(21)
    w.kohya("lora_unet_double_blocks_0_img_mlp_2", 2, 96, 384, alpha=2)
    w.kohya("lora_unet_img_in", 2, 96, 64)
    w.kohya("lora_unet_txt_in", 2, 96, 64)
    w.kohya("lora_unet_final_layer_adaLN_modulation_1", 2, 192, 96)
    w.kohya("lora_unet_final_layer_linear", 2, 64, 96)
    return w


def comfy() -> Writer:
    w = Writer(22)
    w.kohya("diffusion_model.double_blocks.0.img_attn.proj", 2, 96, 96, alpha=2)
    w.kohya("diffusion_model.single_blocks.1.linear1", 2, 672, 96, alpha=1)
    w.kohya("text_encoders.clip_l.transformer.text_model.encoder.layers.1.self_attn.out_proj", 2, 64, 64, alpha=2)
    w.kohya("text_encoders.t5xxl.transformer.encoder.block.0.layer.0.SelfAttention.q", 2, 64, 64, alpha=2)
    w.tensors["diffusion_model.double_blocks.0.img_attn.proj.diff_b"] = w.randn(96)
    return w


def kohya_in_peft() -> Writer:
    w = Writer(23)
    w.kohya("transformer.transformer_blocks.1.attn.to_out.0", 2, 96, 96)
    w.kohya("transformer.single_transformer_blocks.2.proj_out", 2, 96, 480)
    w.kohya("lora_unet_double_blocks_0_img_mlp_2", 2, 96, 384)
    return w


def mixture() -> Writer:
    w = Writer(24)
    w.kohya("lora_transformer_transformer_blocks_0_attn_to_q", 2, 96, 96, alpha=1)
    w.kohya("lora_transformer_transformer_blocks_1_attn_to_out_0", 2, 96, 96, alpha=2)
    w.kohya("lora_transformer_transformer_blocks_1_attn_add_v_proj", 2, 96, 96, alpha=2)
    w.kohya("lora_transformer_transformer_blocks_1_attn_to_add_out", 2, 96, 96, alpha=2)
    w.kohya("lora_transformer_single_transformer_blocks_2_attn_to_k", 2, 96, 96, alpha=4)
    w.kohya("lora_transformer_x_embedder", 2, 96, 64, alpha=2)
    w.kohya("lora_transformer_norm_out_linear", 2, 192, 96, alpha=2)
    w.kohya("lora_transformer_time_text_embed_guidance_embedder_linear_1", 2, 96, 256, alpha=2)
    w.kohya("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 2, 64, 64, alpha=2)
    w.kohya("lora_te1_text_model_encoder_layers_1_mlp_fc2", 2, 64, 256, alpha=2)
    return w


def xlabs() -> Writer:
    w = Writer(25)
    for name, out, into in (("qkv_lora1", 288, 96), ("qkv_lora2", 288, 96), ("proj_lora1", 96, 96), ("proj_lora2", 96, 96)):
        module = f"double_blocks.0.processor.{name}"
        w.pair(f"{module}.down.weight", f"{module}.up.weight", 2, out, into)
    w.pair("single_blocks.1.processor.qkv_lora.down.weight", "single_blocks.1.processor.qkv_lora.up.weight", 2, 288, 96)
    # Narrower than the layer, which diffusers fills up with zeros.
    w.pair("single_blocks.1.processor.proj_lora.down.weight", "single_blocks.1.processor.proj_lora.up.weight", 2, 96, 400)
    return w


def bfl(w: Writer, prefix: str, bias: bool) -> None:
    def add(module: str, out: int, into: int) -> None:
        w.pair(f"{prefix}{module}.lora_A.weight", f"{prefix}{module}.lora_B.weight", 1, out, into, 0.25)
        if bias:
            w.tensors[f"{prefix}{module}.lora_B.bias"] = w.randn(out) * 0.05

    for i in range(DOUBLE):
        for part in ("img", "txt"):
            add(f"double_blocks.{i}.{part}_mod.lin", 576, 96)
            add(f"double_blocks.{i}.{part}_attn.qkv", 288, 96)
            add(f"double_blocks.{i}.{part}_attn.proj", 96, 96)
            add(f"double_blocks.{i}.{part}_mlp.0", 384, 96)
            add(f"double_blocks.{i}.{part}_mlp.2", 96, 384)
    for i in range(SINGLE):
        add(f"single_blocks.{i}.modulation.lin", 288, 96)
        if not bias:
            add(f"single_blocks.{i}.linear1", 672, 96)
        else:
            w.pair(f"single_blocks.{i}.linear1.lora_A.weight", f"single_blocks.{i}.linear1.lora_B.weight", 1, 672, 96, 0.25)
            w.tensors[f"single_blocks.{i}.linear1.lora_B.bias"] = w.randn(672) * 0.05
        add(f"single_blocks.{i}.linear2", 96, 480)
    add("final_layer.linear", 64, 96)


def control() -> Writer:
    w = Writer(26)
    bfl(w, "", bias=True)
    for module, out, into in (
        ("time_in.in_layer", 96, 256),
        ("time_in.out_layer", 96, 96),
        ("vector_in.in_layer", 96, 64),
        ("vector_in.out_layer", 96, 96),
        ("guidance_in.in_layer", 96, 256),
        ("guidance_in.out_layer", 96, 96),
        ("txt_in", 96, 64),
        ("img_in", 96, 128),
        ("final_layer.adaLN_modulation.1", 192, 96),
    ):
        # swap_scale_shift halves the down factor too, so its rank must be even.
        rank = 2 if "adaLN" in module else 1
        w.pair(f"{module}.lora_A.weight", f"{module}.lora_B.weight", rank, out, into, 0.25)
        w.tensors[f"{module}.lora_B.bias"] = w.randn(out) * 0.05
    norms = [f"double_blocks.{i}.{part}_attn.norm" for i in range(DOUBLE) for part in ("img", "txt")]
    norms += [f"single_blocks.{i}.norm" for i in range(SINGLE)]
    for norm in norms:
        for side in ("query_norm", "key_norm"):
            w.tensors[f"{norm}.{side}.scale"] = 1 + 0.2 * w.randn(24)
    return w


def kontext() -> Writer:
    w = Writer(27)
    bfl(w, "base_model.model.", bias=False)
    return w


def dora() -> Writer:
    w = Writer(28)
    w.peft("transformer.transformer_blocks.0.attn.to_q", 2, 96, 96, alpha=2)
    w.tensors["transformer.transformer_blocks.0.attn.to_q.dora_scale"] = w.randn(96, 1)
    return w


FILES = {
    "style": style,
    "subject": subject,
    "some-alphas": some_alphas,
    "words": words,
    "clip-only": clip_only,
    "old-names": old_names,
    "rank-stabilised": rank_stabilised,
    "kohya": kohya,
    "kohya-sparse": kohya_sparse,
    "kohya-clip": kohya_clip,
    "kohya-embedders": kohya_embedders,
    "comfy": comfy,
    "kohya-in-peft": kohya_in_peft,
    "mixture": mixture,
    "xlabs": xlabs,
    "control": control,
    "kontext": kontext,
    "dora": dora,
}
HALVES = {"control": torch.float16, "kontext": torch.bfloat16, "xlabs": torch.float16}

# What is done to a fresh pipeline before it draws: load FILE NAME, set NAMES WEIGHTS, fuse SCALE NAMES, and so on.
BOTH = [["load", "style", "a"], ["load", "subject", "b"]]
CASES = {
    "none": [],
    **{name: [["load", name, None]] for name in FILES if name != "control"},
    "two-loaded": BOTH,
    "two-weighted": BOTH + [["set", ["a", "b"], [0.8, -0.6]]],
    "first-of-two": BOTH + [["set", ["a"], [0.4]]],
    "scaled": [["load", "words", "w"], ["scale", 0.5]],
    "scaled-and-weighted": BOTH + [["set", ["b", "a"], [1.5, 0.5]], ["scale", 0.4]],
    "scaled-to-nothing": BOTH + [["scale", 0.0]],
    "fused": BOTH + [["set", ["a", "b"], [0.8, -0.6]], ["fuse", 0.7, None]],
    "fused-one": BOTH + [["set", ["a", "b"], [0.8, -0.6]], ["fuse", 1.0, ["b"]]],
    "fused-twice": BOTH + [["set", ["a", "b"], [0.8, -0.6]], ["fuse", 1.0, ["b"]], ["fuse", 1.0, ["a"]]],
    "fused-and-scaled": [["load", "style", "a"], ["fuse", 1.0, None], ["scale", 0.3]],
    "fused-with-words": [["load", "words", "w"], ["fuse", 1.0, None]],
    "unfused": BOTH + [["set", ["a", "b"], [0.8, -0.6]], ["fuse", 0.7, None], ["unfuse"]],
    "fused-then-unloaded": [["load", "style", "a"], ["fuse", 1.0, None], ["unload"]],
    "fused-unloaded-and-another": [["load", "style", "a"], ["fuse", 0.5, None], ["unload"], ["load", "subject", "b"]],
    "disabled": [["load", "words", "w"], ["disable"]],
    "disabled-while-fused": [["load", "style", "a"], ["fuse", 1.0, None], ["disable"]],
    "enabled-again": [["load", "words", "w"], ["disable"], ["enable"]],
    "unloaded": [["load", "words", "w"], ["unload"]],
    "deleted": BOTH + [["delete", ["b"]]],
    "deleted-of-two": BOTH + [["set", ["a", "b"], [0.8, -0.6]], ["delete", ["a"]]],
    "words-and-style": [["load", "words", "w"], ["load", "style", "a"]],
    "clip-only-and-style": [["load", "style", "a"], ["load", "clip-only", "c"]],
}


def apply(pipeline: FluxPipeline, folder: Path, calls: list) -> dict | None:
    scale = None
    for call in calls:
        verb, rest = call[0], call[1:]
        if verb == "load":
            pipeline.load_lora_weights(folder, weight_name=f"{rest[0]}.safetensors", adapter_name=rest[1])
        elif verb == "set":
            pipeline.set_adapters(rest[0], rest[1])
        elif verb == "fuse":
            pipeline.fuse_lora(components=["transformer", "text_encoder"], lora_scale=rest[0], adapter_names=rest[1])
        elif verb == "unfuse":
            pipeline.unfuse_lora()
        elif verb == "unload":
            pipeline.unload_lora_weights()
        elif verb == "delete":
            pipeline.delete_adapters(rest[0])
        elif verb == "disable":
            pipeline.disable_lora()
        elif verb == "enable":
            pipeline.enable_lora()
        elif verb == "scale":
            scale = {"scale": rest[0]}
    return scale


def draw(pipeline: FluxPipeline, kwargs: dict | None) -> torch.Tensor:
    return pipeline(
        PROMPT,
        height=64,
        width=64,
        num_inference_steps=4,
        max_sequence_length=64,
        generator=torch.Generator().manual_seed(SEED),
        joint_attention_kwargs=kwargs,
        output_type="latent",
    ).images


def velocity(transformer) -> torch.Tensor:
    """The wide transformer on waves."""

    def wave(phase: float, *shape: int) -> torch.Tensor:
        count = math.prod(shape)
        return torch.sin(phase * torch.arange(count, dtype=torch.float64)).float().reshape(shape)

    grid = torch.zeros(4, 4, 3)
    grid[..., 1] += torch.arange(4)[:, None]
    grid[..., 2] += torch.arange(4)[None, :]
    return transformer(
        hidden_states=wave(0.05, 1, 16, 128),
        encoder_hidden_states=wave(0.03, 1, 8, 64),
        pooled_projections=wave(0.2, 1, 64),
        timestep=torch.tensor([0.75]),
        guidance=torch.tensor([3.5]),
        img_ids=grid.reshape(16, 3),
        txt_ids=torch.zeros(8, 3),
        return_dict=False,
    )[0]


def main(checkpoint: Path, target: Path) -> None:
    shrink_converters()
    folder = target / "lora"
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        made = make()
        writer, config = made if isinstance(made, tuple) else (made, None)
        metadata = {"format": "pt"}
        if config:
            metadata["lora_adapter_metadata"] = json.dumps(config)
        tensors = {key: value.to(HALVES.get(name, torch.float32)).contiguous() for key, value in writer.tensors.items()}
        save_file(tensors, folder / f"{name}.safetensors", metadata=metadata)
    converted = FluxPipeline.lora_state_dict(folder, weight_name="kohya.safetensors")
    save_file({key: value.clone().contiguous() for key, value in converted.items()}, folder / "kohya-converted.safetensors")

    results, listed = {}, []
    with torch.no_grad():
        for name, calls in CASES.items():
            pipeline = FluxPipeline.from_pretrained(checkpoint, torch_dtype=torch.float32)
            pipeline.set_progress_bar_config(disable=True)
            kwargs = apply(pipeline, folder, calls)
            results[name] = draw(pipeline, kwargs)
            present = pipeline.get_list_adapters()
            active = pipeline.get_active_adapters() if present else []
            listed.append({"name": name, "calls": calls, "present": present, "active": active})
            if name == "none":
                results["noise"] = pipeline.prepare_latents(
                    1, 16, 64, 64, torch.float32, torch.device("cpu"), torch.Generator().manual_seed(SEED)
                )[0]
            else:
                print(f"{name:30s} {(results[name] - results['none']).abs().max():.4f} {active} {present}")
        pipeline = FluxPipeline.from_pretrained(checkpoint, torch_dtype=torch.float32)
        pipeline.load_lora_weights(folder, weight_name="control.safetensors", adapter_name="control")
        results["control"] = velocity(pipeline.transformer)
        pipeline.disable_lora()
        results["control-disabled"] = velocity(pipeline.transformer)
        print("control", results["control"].abs().max(), (results["control"] - results["control-disabled"]).abs().max())
    save_file({key: value.float().contiguous() for key, value in results.items()}, target / "lora.safetensors")
    manifest = {"versions": versions() | {"peft": peft.__version__}, "cases": listed}
    (target / "lora.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    main(arguments.checkpoint, arguments.target)
