package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * kohya's names and their relatives: ComfyUI's, a mixture with diffusers' names, and peft's names
 * with kohya's endings.
 *
 * <p>What diffusers 0.35.2 leaves out of such files is left out here too, with a warning, so that a
 * file draws what it drew there.
 *
 * <p>Source: diffusers 0.35, loaders/lora_conversion_utils.py.
 */
final class KohyaKeys {
  private static final String LIKE_DIFFUSERS = "diffusers 0.35.2 does not load them either";

  private static final Pattern TENSOR =
      Pattern.compile("(.+?)\\.?(lora_down\\.weight|lora_up\\.weight|alpha)");
  private static final Pattern CLIP =
      Pattern.compile(
          "(lora_te1?)_text_model_encoder_layers_(\\d+)_(self_attn|mlp)"
              + "_(q_proj|k_proj|v_proj|out_proj|fc1|fc2)");
  private static final Pattern MIXED_BLOCK =
      Pattern.compile(
          "lora_transformer_((?:single_)?transformer_blocks)_(\\d+)_attn"
              + "_(to_[qkv]|add_[qkv]_proj|to_out_0|to_add_out)");

  private KohyaKeys() {}

  static void convert(Conversion conversion) {
    if (conversion.any(name -> name.startsWith("transformer."))) {
      peft(conversion);
    } else if (conversion.any(name -> name.startsWith("lora_transformer_"))) {
      mixture(conversion);
    } else {
      comfy(conversion);
      blocks(conversion);
    }
  }

  private static void peft(Conversion conversion) {
    conversion.drop(name -> !name.startsWith("transformer."), LIKE_DIFFUSERS);
    conversion.drop(name -> name.endsWith(".alpha"), LIKE_DIFFUSERS);
    for (String name : List.copyOf(conversion.left().keySet())) {
      conversion.move(
          name,
          name.replace("lora_down.weight", "lora_A.weight")
              .replace("lora_up.weight", "lora_B.weight"));
    }
  }

  /** ComfyUI's dots become kohya's underscores, and what diffusers cannot use goes. */
  private static void comfy(Conversion conversion) {
    Map<String, NDArray> renamed = new LinkedHashMap<>();
    conversion
        .left()
        .forEach(
            (name, tensor) ->
                renamed.put(
                    name.replace("diffusion_model.", "lora_unet_")
                        .replace("text_encoders.clip_l.transformer.", "lora_te_"),
                    tensor));
    conversion.left().clear();
    conversion.left().putAll(renamed);
    conversion.drop(name -> name.contains("position_embedding"), LIKE_DIFFUSERS);
    conversion.drop(name -> name.startsWith("text_encoders.t5xxl."), LIKE_DIFFUSERS);
    conversion.drop(name -> name.contains(".diff_b"), LIKE_DIFFUSERS);
    conversion.drop(name -> name.contains(".norm") && name.contains(".diff"), LIKE_DIFFUSERS);
    conversion.drop(
        name -> !name.startsWith("lora_unet_") && !name.startsWith("lora_te_"), LIKE_DIFFUSERS);
    conversion.drop(name -> name.contains("text_projection"), LIKE_DIFFUSERS);
    Map<String, NDArray> underscored = new LinkedHashMap<>();
    conversion
        .left()
        .forEach(
            (name, tensor) -> {
              Matcher parts = TENSOR.matcher(name);
              underscored.put(
                  parts.matches()
                      ? parts.group(1).replace('.', '_') + "." + parts.group(2)
                      : name.replace('.', '_'),
                  tensor);
            });
    conversion.left().clear();
    conversion.left().putAll(underscored);
  }

  private static void blocks(Conversion conversion) {
    for (int i : BflKeys.blocks(conversion, "double")) {
      block(
          conversion,
          "lora_unet_double_blocks_" + i + "_",
          BflKeys.DOUBLE,
          "transformer.transformer_blocks." + i + ".");
    }
    for (int i : BflKeys.blocks(conversion, "single")) {
      block(
          conversion,
          "lora_unet_single_blocks_" + i + "_",
          BflKeys.SINGLE,
          "transformer.single_transformer_blocks." + i + ".");
    }
    for (String outside : BflKeys.OUTSIDE.keySet()) {
      String module = "lora_unet_" + outside.replace('.', '_');
      conversion.drop(name -> name.startsWith(module + ".lora_"), LIKE_DIFFUSERS);
    }
    clip(conversion, "lora_te");
    conversion.refuseLeftovers("Incompatible keys detected:");
  }

  private static void block(
      Conversion conversion, String from, Map<String, List<String>> layers, String to) {
    layers.forEach(
        (name, parts) ->
            conversion.kohyaPair(from + name.replace('.', '_'), Conversion.list(parts, to)));
  }

  private static void clip(Conversion conversion, String prefix) {
    for (String module : modules(conversion)) {
      Matcher name = CLIP.matcher(module);
      if (name.matches() && name.group(1).equals(prefix)) {
        conversion.kohyaPair(
            module,
            List.of(
                "text_encoder.text_model.encoder.layers."
                    + name.group(2)
                    + "."
                    + name.group(3)
                    + "."
                    + name.group(4)));
      }
    }
  }

  private static List<String> modules(Conversion conversion) {
    return conversion.left().keySet().stream()
        .filter(name -> name.endsWith(".lora_down.weight"))
        .map(name -> name.substring(0, name.length() - ".lora_down.weight".length()))
        .toList();
  }

  private static void mixture(Conversion conversion) {
    for (String module : modules(conversion)) {
      Matcher block = MIXED_BLOCK.matcher(module);
      if (block.matches()) {
        conversion.kohyaPair(
            module,
            List.of(
                "transformer."
                    + block.group(1)
                    + "."
                    + block.group(2)
                    + ".attn."
                    + block.group(3).replace("to_out_0", "to_out.0")));
      } else {
        for (String layer : BflKeys.OUTSIDE.values()) {
          if (module.equals("lora_transformer_" + layer.replace('.', '_'))) {
            conversion.kohyaPair(module, List.of("transformer." + layer));
          }
        }
      }
    }
    clip(conversion, "lora_te1");
    if (conversion.left().keySet().stream().allMatch(name -> name.startsWith("lora_unet_"))) {
      conversion.drop(name -> true, LIKE_DIFFUSERS);
    }
    conversion.refuseLeftovers("these tensors could not be parsed:");
  }
}
