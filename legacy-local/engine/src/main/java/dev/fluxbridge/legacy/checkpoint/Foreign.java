package dev.fluxbridge.legacy.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What people hand in that is no FLUX.1 in safetensors, by the marks that give it away. */
final class Foreign {
  /** The remedy for all of them. */
  static final String LOADABLE =
      "What can be loaded are FLUX.1 weights as safetensors in F32, F16 or BF16: a folder in"
          + " diffusers' layout, or for the transformer one file with diffusers' names or those of"
          + " Black Forest Labs.";

  /** Families whose transformers use some of FLUX.1's names: asked before those are. */
  private static final Map<String, String> RELATIVES = new LinkedHashMap<>();

  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  private static final Map<String, String> QUANTISED = new LinkedHashMap<>();

  static {
    RELATIVES.put("double_stream_modulation_img.", "FLUX.2");
    RELATIVES.put("distilled_guidance_layer.", "Chroma");
    RELATIVES.put("txt_in.individual_token_refiner.", "HunyuanVideo");
    RELATIVES.put("context_embedder.token_refiner.", "HunyuanVideo");
    RELATIVES.put("controlnet_blocks.", "a ControlNet");
    RELATIVES.put("controlnet_x_embedder.", "a ControlNet");
    RELATIVES.put("joint_blocks.", "Stable Diffusion 3");
    RELATIVES.put("pos_embed.proj.", "Stable Diffusion 3");
    RELATIVES.put("transformer_blocks.0.img_mod.", "Qwen-Image");
    RELATIVES.put("input_blocks.", "Stable Diffusion or SDXL");
    RELATIVES.put("down_blocks.", "Stable Diffusion or SDXL");

    OTHERS.put(".lora_A.", "a LoRA");
    OTHERS.put(".lora_down.", "a LoRA");
    OTHERS.put("self_attn.norm_q.", "a video model such as Wan");
    OTHERS.put(".SelfAttention.", "a T5 text encoder");
    OTHERS.put("text_model.", "a CLIP text encoder");
    OTHERS.put("decoder.", "an autoencoder");

    QUANTISED.put("quant_state.bitsandbytes__", "quantised by bitsandbytes to 4 bits (NF4 or FP4)");
    QUANTISED.put(".quant_map", "quantised by bitsandbytes to 4 bits");
    QUANTISED.put(".SCB", "quantised by bitsandbytes to 8 bits");
    QUANTISED.put(".qweight", "quantised to whole numbers");
    QUANTISED.put(".scale_weight", "scaled to float8");
    QUANTISED.put(".weight_scale", "scaled to float8");
  }

  private Foreign() {}

  /**
   * Refuses a file by its first bytes.
   *
   * @throws CheckpointException if they are those of another known kind of file
   */
  static void refuseMagic(Path file, byte[] first) {
    String text = new String(first, ISO_8859_1);
    if (text.startsWith("GGUF")) {
      throw new CheckpointException("the file is GGUF, which is quantised", file, LOADABLE);
    } else if (text.startsWith("PK\u0003\u0004") || pickle(first)) {
      throw new CheckpointException(
          "the file is a pickled checkpoint of PyTorch, which can run code when it is read",
          file,
          LOADABLE);
    } else if (text.startsWith("version ") || text.startsWith("<!DOCTY")) {
      throw new CheckpointException(
          "the file is a text, such as a Git LFS pointer or a web page, and no weights",
          file,
          "Download the file itself.");
    }
  }

  /** A pickle of protocol 2 to 5 that begins with a dictionary, a number, a tuple or a frame. */
  private static boolean pickle(byte[] first) {
    return first.length > 2
        && first[0] == (byte) 0x80
        && first[1] >= 2
        && first[1] <= 5
        && "}](c\u008a\u0095".indexOf(first[2] & 0xff) >= 0;
  }

  /** How these tensors are quantised, in words, if their names tell. */
  static Optional<String> quantised(Set<String> names) {
    return find(QUANTISED, names, false);
  }

  /**
   * Refuses transformers that look like FLUX.1 at a glance, and are not.
   *
   * @param names tensors without a prefix
   */
  static void refuseRelatives(Path file, Collection<String> names) {
    find(RELATIVES, names, true).ifPresent(what -> refuse(file, what));
  }

  /** What a file is that has no transformer of FLUX.1 in it. */
  static CheckpointException unknown(Path file, Collection<String> names) {
    return exception(file, find(OTHERS, names, false).orElse("of a kind that is not known here"));
  }

  private static void refuse(Path file, String what) {
    throw exception(file, what);
  }

  private static CheckpointException exception(Path file, String what) {
    return new CheckpointException(
        "the file holds no FLUX.1 transformer: by its tensors' names it is " + what,
        file,
        LOADABLE);
  }

  private static Optional<String> find(
      Map<String, String> marks, Collection<String> names, boolean atTheStart) {
    for (Map.Entry<String, String> mark : marks.entrySet()) {
      for (String name : names) {
        if (atTheStart ? name.startsWith(mark.getKey()) : name.contains(mark.getKey())) {
          return Optional.of(mark.getValue());
        }
      }
    }
    return Optional.empty();
  }
}
