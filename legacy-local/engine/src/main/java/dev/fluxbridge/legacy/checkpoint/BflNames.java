package dev.fluxbridge.legacy.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that Black Forest Labs gave the transformer's tensors, in diffusers' words.
 *
 * <p>Source: flux/model.py of Black Forest Labs; diffusers 0.35, loaders/single_file_utils.py.
 */
final class BflNames {
  private static final Pattern NAME =
      Pattern.compile("(?:(double|single)_blocks\\.(\\d+)\\.)?(.+)\\.(weight|bias|scale)");

  private static final Map<String, String> OUTSIDE =
      Map.ofEntries(
          Map.entry("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"),
          Map.entry("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
          Map.entry("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"),
          Map.entry("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
          Map.entry("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"),
          Map.entry("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
          Map.entry("txt_in", "context_embedder"),
          Map.entry("img_in", "x_embedder"),
          Map.entry("final_layer.linear", "proj_out"),
          Map.entry("final_layer.adaLN_modulation.1", "norm_out.linear"));

  private static final Map<String, List<String>> DOUBLE =
      Map.ofEntries(
          Map.entry("img_mod.lin", List.of("norm1.linear")),
          Map.entry("txt_mod.lin", List.of("norm1_context.linear")),
          Map.entry("img_attn.qkv", List.of("attn.to_q", "attn.to_k", "attn.to_v")),
          Map.entry(
              "txt_attn.qkv", List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")),
          Map.entry("img_attn.norm.query_norm", List.of("attn.norm_q")),
          Map.entry("img_attn.norm.key_norm", List.of("attn.norm_k")),
          Map.entry("txt_attn.norm.query_norm", List.of("attn.norm_added_q")),
          Map.entry("txt_attn.norm.key_norm", List.of("attn.norm_added_k")),
          Map.entry("img_attn.proj", List.of("attn.to_out.0")),
          Map.entry("txt_attn.proj", List.of("attn.to_add_out")),
          Map.entry("img_mlp.0", List.of("ff.net.0.proj")),
          Map.entry("img_mlp.2", List.of("ff.net.2")),
          Map.entry("txt_mlp.0", List.of("ff_context.net.0.proj")),
          Map.entry("txt_mlp.2", List.of("ff_context.net.2")));

  private static final Map<String, List<String>> SINGLE =
      Map.of(
          "linear1", List.of("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
          "linear2", List.of("proj_out"),
          "norm.query_norm", List.of("attn.norm_q"),
          "norm.key_norm", List.of("attn.norm_k"),
          "modulation.lin", List.of("norm.linear"));

  private BflNames() {}

  /**
   * diffusers' names for one tensor: several where it is fused of several by rows, none where
   * diffusers has no such tensor.
   */
  static List<String> inDiffusersWords(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return List.of();
    }
    String module = parts.group(3);
    String kind = parts.group(4).equals("scale") ? ".weight" : "." + parts.group(4);
    if (parts.group(1) == null) {
      String outside = OUTSIDE.get(module);
      return outside == null ? List.of() : List.of(outside + kind);
    }
    boolean two = parts.group(1).equals("double");
    String block =
        (two ? "transformer_blocks." : "single_transformer_blocks.") + parts.group(2) + ".";
    return (two ? DOUBLE : SINGLE)
        .getOrDefault(module, List.of()).stream().map(m -> block + m + kind).toList();
  }
}
