package dev.fluxbridge.legacy.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Black Forest Labs' names of FLUX's layers, which kohya, XLabs, BFL and fal use, in diffusers'.
 *
 * <p>Source: diffusers 0.35, loaders/lora_conversion_utils.py.
 */
final class BflKeys {
  /** Of a double block, in the order in which diffusers converts kohya's. */
  static final Map<String, List<String>> DOUBLE = new LinkedHashMap<>();

  /** Of a single block. */
  static final Map<String, List<String>> SINGLE = new LinkedHashMap<>();

  /** Outside of the blocks. */
  static final Map<String, String> OUTSIDE = new LinkedHashMap<>();

  private static final Pattern BLOCK = Pattern.compile("(double|single)_blocks[._](\\d+)[._]");

  static {
    DOUBLE.put("img_attn.proj", List.of("attn.to_out.0"));
    DOUBLE.put("img_attn.qkv", List.of("attn.to_q", "attn.to_k", "attn.to_v"));
    DOUBLE.put("img_mlp.0", List.of("ff.net.0.proj"));
    DOUBLE.put("img_mlp.2", List.of("ff.net.2"));
    DOUBLE.put("img_mod.lin", List.of("norm1.linear"));
    DOUBLE.put("txt_attn.proj", List.of("attn.to_add_out"));
    DOUBLE.put("txt_attn.qkv", List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"));
    DOUBLE.put("txt_mlp.0", List.of("ff_context.net.0.proj"));
    DOUBLE.put("txt_mlp.2", List.of("ff_context.net.2"));
    DOUBLE.put("txt_mod.lin", List.of("norm1_context.linear"));
    SINGLE.put("linear1", List.of("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"));
    SINGLE.put("linear2", List.of("proj_out"));
    SINGLE.put("modulation.lin", List.of("norm.linear"));
    OUTSIDE.put("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1");
    OUTSIDE.put("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2");
    OUTSIDE.put("vector_in.in_layer", "time_text_embed.text_embedder.linear_1");
    OUTSIDE.put("vector_in.out_layer", "time_text_embed.text_embedder.linear_2");
    OUTSIDE.put("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1");
    OUTSIDE.put("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2");
    OUTSIDE.put("txt_in", "context_embedder");
    OUTSIDE.put("img_in", "x_embedder");
    OUTSIDE.put("final_layer.linear", "proj_out");
    OUTSIDE.put("final_layer.adaLN_modulation.1", "norm_out.linear");
  }

  private BflKeys() {}

  /** The blocks of one kind that the file names, in order. */
  static List<Integer> blocks(Conversion conversion, String kind) {
    return conversion.left().keySet().stream()
        .map(BLOCK::matcher)
        .filter(Matcher::find)
        .filter(block -> block.group(1).equals(kind))
        .map(block -> Integer.valueOf(block.group(2)))
        .distinct()
        .sorted()
        .toList();
  }

  /** BFL's own control LoRAs, and fal's, whose names have {@code prefix} before them. */
  static void convert(Conversion conversion, String prefix) {
    OUTSIDE.forEach((from, to) -> layer(conversion, prefix + from, List.of("transformer." + to)));
    for (String suffix : List.of(Conversion.A, Conversion.B, Conversion.BIAS)) {
      conversion.swapHalves("transformer.norm_out.linear" + suffix);
    }
    for (int i : blocks(conversion, "double")) {
      String from = prefix + "double_blocks." + i + ".";
      String to = "transformer.transformer_blocks." + i + ".";
      // The first pair's rank is the alpha of all, and here that is the modulation's.
      Stream.concat(Stream.of("img_mod.lin"), DOUBLE.keySet().stream())
          .forEach(name -> layer(conversion, from + name, targets(DOUBLE, name, to)));
      norm(conversion, from + "img_attn.norm.query_norm", to + "attn.norm_q");
      norm(conversion, from + "img_attn.norm.key_norm", to + "attn.norm_k");
      norm(conversion, from + "txt_attn.norm.query_norm", to + "attn.norm_added_q");
      norm(conversion, from + "txt_attn.norm.key_norm", to + "attn.norm_added_k");
    }
    for (int i : blocks(conversion, "single")) {
      String from = prefix + "single_blocks." + i + ".";
      String to = "transformer.single_transformer_blocks." + i + ".";
      SINGLE.forEach((name, parts) -> layer(conversion, from + name, Conversion.list(parts, to)));
      norm(conversion, from + "norm.query_norm", to + "attn.norm_q");
      norm(conversion, from + "norm.key_norm", to + "attn.norm_k");
    }
  }

  private static List<String> targets(Map<String, List<String>> layers, String name, String to) {
    return Conversion.list(layers.getOrDefault(name, List.of()), to);
  }

  private static void layer(Conversion conversion, String from, List<String> targets) {
    conversion.pair(from + Conversion.A, from + Conversion.B, targets);
    conversion.bias(from + Conversion.BIAS, targets);
  }

  private static void norm(Conversion conversion, String from, String to) {
    conversion.move(from + ".scale", to + ".weight");
  }

  /** XLabs' names: 1 is the picture's side of a double block, 2 the text's. */
  static void convertXlabs(Conversion conversion) {
    for (String prefix : List.of("", "diffusion_model.")) {
      for (int i : blocks(conversion, "double")) {
        String from = prefix + "double_blocks." + i + ".processor.";
        String to = "transformer.transformer_blocks." + i + ".";
        xlabs(conversion, from + "proj_lora1", targets(DOUBLE, "img_attn.proj", to));
        xlabs(conversion, from + "proj_lora2", targets(DOUBLE, "txt_attn.proj", to));
        xlabs(conversion, from + "qkv_lora1", targets(DOUBLE, "img_attn.qkv", to));
        xlabs(conversion, from + "qkv_lora2", targets(DOUBLE, "txt_attn.qkv", to));
      }
      for (int i : blocks(conversion, "single")) {
        String from = prefix + "single_blocks." + i + ".processor.";
        String to = "transformer.single_transformer_blocks." + i + ".";
        xlabs(conversion, from + "proj_lora", targets(SINGLE, "linear2", to));
        xlabs(conversion, from + "qkv_lora", targets(DOUBLE, "img_attn.qkv", to));
      }
    }
  }

  private static void xlabs(Conversion conversion, String from, List<String> targets) {
    conversion.pair(from + ".down.weight", from + ".up.weight", targets);
  }
}
