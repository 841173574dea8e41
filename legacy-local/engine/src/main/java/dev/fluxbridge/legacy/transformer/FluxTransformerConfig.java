package dev.fluxbridge.legacy.transformer;

import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import java.util.List;

/**
 * The sizes in the transformer's {@code config.json}, and the tensors that follow from them.
 *
 * @param inChannels features of an image token that goes in
 * @param outChannels features of an image token that comes out
 * @param numLayers double blocks
 * @param numSingleLayers single blocks
 * @param attentionHeadDim features of one head
 * @param numAttentionHeads heads
 * @param jointAttentionDim width of T5
 * @param pooledProjectionDim width of CLIP
 * @param guidanceEmbeds whether guidance is an input of the model
 * @param axesDimsRope how many features of a head each of the three places rotates
 */
public record FluxTransformerConfig(
    int inChannels,
    int outChannels,
    int numLayers,
    int numSingleLayers,
    int attentionHeadDim,
    int numAttentionHeads,
    int jointAttentionDim,
    int pooledProjectionDim,
    boolean guidanceEmbeds,
    List<Integer> axesDimsRope) {

  static FluxTransformerConfig of(Config config) {
    config.only("_class_name", config.text("_class_name", "(none)"), "FluxTransformer2DModel");
    return sizes(config);
  }

  /**
   * The sizes in a configuration, whatever its class: a ControlNet has the same.
   *
   * @throws CheckpointException if one is missing, or they do not fit one another
   */
  public static FluxTransformerConfig sizes(Config config) {
    config.only("patch_size", config.size("patch_size", 1), 1);
    int inChannels = config.size("in_channels");
    FluxTransformerConfig sizes =
        new FluxTransformerConfig(
            inChannels,
            config.size("out_channels", inChannels),
            config.layers("num_layers"),
            config.layers("num_single_layers"),
            config.size("attention_head_dim"),
            config.size("num_attention_heads"),
            config.size("joint_attention_dim"),
            config.size("pooled_projection_dim"),
            config.flag("guidance_embeds", false),
            config.sizes("axes_dims_rope", List.of(16, 56, 56)));
    if (sizes.axesDimsRope.size() != 3
        || sizes.axesDimsRope.stream().anyMatch(d -> d % 2 != 0)
        || sizes.axesDimsRope.stream().mapToInt(d -> d).sum() != sizes.attentionHeadDim) {
      throw new CheckpointException(
          "\"axes_dims_rope\" is " + sizes.axesDimsRope + " for heads of " + sizes.attentionHeadDim,
          config.file(),
          "It must be three even numbers whose sum is attention_head_dim.");
    }
    return sizes;
  }

  /** The same model for image tokens of another width. */
  FluxTransformerConfig withInChannels(int width) {
    return new FluxTransformerConfig(
        width,
        outChannels,
        numLayers,
        numSingleLayers,
        attentionHeadDim,
        numAttentionHeads,
        jointAttentionDim,
        pooledProjectionDim,
        guidanceEmbeds,
        axesDimsRope);
  }

  /** D, the width of the model. */
  public int innerDim() {
    return numAttentionHeads * attentionHeadDim;
  }

  ExpectedTensors tensors() {
    int d = innerDim();
    return trunk().linear("norm_out.linear", 2L * d, d).linear("proj_out", outChannels, d);
  }

  /** The tensors of the embedders and blocks, without the output behind them. */
  public ExpectedTensors trunk() {
    int d = innerDim();
    ExpectedTensors tensors = new ExpectedTensors();
    tensors
        .linear("time_text_embed.timestep_embedder.linear_1", d, 256)
        .linear("time_text_embed.timestep_embedder.linear_2", d, d)
        .linear("time_text_embed.text_embedder.linear_1", d, pooledProjectionDim)
        .linear("time_text_embed.text_embedder.linear_2", d, d)
        .linear("context_embedder", d, jointAttentionDim)
        .linear("x_embedder", d, inChannels);
    if (guidanceEmbeds) {
      tensors
          .linear("time_text_embed.guidance_embedder.linear_1", d, 256)
          .linear("time_text_embed.guidance_embedder.linear_2", d, d);
    }
    for (int i = 0; i < numLayers; i++) {
      String block = "transformer_blocks." + i + ".";
      tensors.linear(block + "norm1.linear", 6L * d, d);
      tensors.linear(block + "norm1_context.linear", 6L * d, d);
      for (String norm : List.of("norm_q", "norm_k", "norm_added_q", "norm_added_k")) {
        tensors.tensor(block + "attn." + norm + ".weight", attentionHeadDim);
      }
      for (String projection :
          List.of(
              "to_q",
              "to_k",
              "to_v",
              "add_q_proj",
              "add_k_proj",
              "add_v_proj",
              "to_out.0",
              "to_add_out")) {
        tensors.linear(block + "attn." + projection, d, d);
      }
      for (String feedForward : List.of("ff", "ff_context")) {
        tensors.linear(block + feedForward + ".net.0.proj", 4L * d, d);
        tensors.linear(block + feedForward + ".net.2", d, 4L * d);
      }
    }
    for (int i = 0; i < numSingleLayers; i++) {
      String block = "single_transformer_blocks." + i + ".";
      tensors
          .linear(block + "norm.linear", 3L * d, d)
          .tensor(block + "attn.norm_q.weight", attentionHeadDim)
          .tensor(block + "attn.norm_k.weight", attentionHeadDim)
          .linear(block + "attn.to_q", d, d)
          .linear(block + "attn.to_k", d, d)
          .linear(block + "attn.to_v", d, d)
          .linear(block + "proj_mlp", 4L * d, d)
          .linear(block + "proj_out", d, 5L * d);
    }
    return tensors;
  }
}
