package dev.fluxbridge.legacy.autoencoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The decoder half of AutoencoderKL: latents to pixels, eight times as wide and as high with the
 * four blocks of FLUX.
 *
 * <p>It cannot encode. Safe for use by several threads as long as its weights are alive.
 *
 * <p>Source: diffusers 0.35, models/autoencoders/vae.py, models/resnet.py and
 * models/attention_processor.py.
 */
public final class AutoencoderDecoder {
  private static final double EPS = 1e-6;

  private final Kernels kernels;
  private final Weights decoder;
  private final List<Integer> channels;
  private final int layersPerBlock;
  private final int latentChannels;
  private final long normNumGroups;
  private final boolean midBlockAddAttention;
  private final boolean usePostQuantConv;
  private final double scalingFactor;
  private final double shiftFactor;
  private final Weights weights;

  private AutoencoderDecoder(Config config, Path part, Placement placement) {
    config.only("_class_name", config.text("_class_name", "(none)"), "AutoencoderKL");
    config.only("act_fn", config.text("act_fn", "silu"), "silu");
    config.only("out_channels", config.size("out_channels", 3), 3);
    kernels = placement.kernels();
    channels = config.sizes("block_out_channels", null);
    layersPerBlock = config.layers("layers_per_block");
    latentChannels = config.size("latent_channels");
    normNumGroups = config.size("norm_num_groups", 32);
    midBlockAddAttention = config.flag("mid_block_add_attention", true);
    usePostQuantConv = config.flag("use_post_quant_conv", true);
    scalingFactor = config.number("scaling_factor");
    shiftFactor = config.number("shift_factor", 0);
    for (int width : channels) {
      if (width % normNumGroups != 0) {
        throw new CheckpointException(
            "\"block_out_channels\" "
                + channels
                + " do not divide into "
                + normNumGroups
                + " norm_num_groups",
            config.file(),
            "Take config.json and weights from the same checkpoint.");
      }
    }
    if (scalingFactor == 0) {
      throw new CheckpointException(
          "\"scaling_factor\" is 0", config.file(), "Copy the file again from where it came.");
    }
    weights =
        Checkpoint.weights(
            part,
            DecoderTensors.of(
                channels, layersPerBlock, latentChannels, midBlockAddAttention, usePostQuantConv),
            Map.of(),
            placement);
    decoder = weights.of("decoder");
  }

  /**
   * Loads the part.
   *
   * @param placement where the weights go
   * @throws CheckpointException if configuration or weights are not those of an AutoencoderKL
   */
  public static AutoencoderDecoder load(Path part, Placement placement) {
    return new AutoencoderDecoder(Config.read(part.resolve("config.json")), part, placement);
  }

  /** Channels of the latents. */
  public int latentChannels() {
    return latentChannels;
  }

  /** Pixels along one side of a latent. */
  public int scale() {
    return 1 << (channels.size() - 1);
  }

  /**
   * Bytes that one picture's largest layer takes at the least.
   *
   * @param pixels width times height
   */
  public long leastBytes(long pixels) {
    return 2L * Float.BYTES * channels.get(0) * pixels;
  }

  /**
   * Draws pictures from a transformer's latents.
   *
   * @param latents shape (B, C, H, W); consumed
   * @return shape (B, 3, scale · H, scale · W), about -1 to 1, in the manager of {@code latents}
   */
  public NDArray decode(NDArray latents) {
    return Kernels.freeing(latents, z -> decodeUnscaled(z.div(scalingFactor).add(shiftFactor)));
  }

  NDArray decodeUnscaled(NDArray latents) {
    NDArray x = latents;
    if (usePostQuantConv) {
      x = conv(x, weights.of("post_quant_conv"));
    }
    x = conv(x, decoder.of("conv_in"));
    x = Kernels.freeing(x, y -> midBlock(y, decoder.of("mid_block")));
    for (int i = 0; i < channels.size(); i++) {
      Weights block = decoder.of("up_blocks." + i);
      for (int j = 0; j <= layersPerBlock; j++) {
        Weights resnet = block.of("resnets." + j);
        x = Kernels.freeing(x, y -> resnetBlock(y, resnet));
      }
      if (i < channels.size() - 1) {
        x = Kernels.freeing(x, y -> conv(kernels.upsample(y), block.of("upsamplers.0.conv")));
      }
    }
    return conv(normSilu(x, decoder.of("conv_norm_out")), decoder.of("conv_out"));
  }

  private NDArray midBlock(NDArray x, Weights w) {
    NDArray h = resnetBlock(x, w.of("resnets.0"));
    if (midBlockAddAttention) {
      h = attention(h, w.of("attentions.0"));
    }
    return resnetBlock(h, w.of("resnets.1"));
  }

  private NDArray resnetBlock(NDArray x, Weights w) {
    NDArray h = conv(normSilu(x, w.of("norm1")), w.of("conv1"));
    h = conv(normSilu(h, w.of("norm2")), w.of("conv2"));
    return w.has("conv_shortcut.weight") ? conv(x, w.of("conv_shortcut")).add(h) : x.add(h);
  }

  /** One head over all pixels. */
  private NDArray attention(NDArray x, Weights w) {
    Shape shape = x.getShape();
    long width = shape.get(1);
    NDArray h = x.reshape(shape.get(0), width, -1);
    h =
        kernels
            .groupNorm(h, normNumGroups, w.get("group_norm.weight"), w.get("group_norm.bias"), EPS)
            .transpose(0, 2, 1);
    NDArray q = linear(h, w.of("to_q")).expandDims(1);
    NDArray k = linear(h, w.of("to_k")).expandDims(1);
    NDArray v = linear(h, w.of("to_v")).expandDims(1);
    h = kernels.attention(q, k, v, 1 / Math.sqrt((double) width)).squeeze(1);
    h = linear(h, w.of("to_out.0"));
    return x.add(h.transpose(0, 2, 1).reshape(shape));
  }

  private NDArray normSilu(NDArray x, Weights w) {
    return kernels.groupNormSilu(x, normNumGroups, w.get("weight"), w.get("bias"), EPS);
  }

  private static NDArray conv(NDArray x, Weights w) {
    return Kernels.conv2d(x, w.get("weight"), w.get("bias"));
  }

  private static NDArray linear(NDArray x, Weights w) {
    return Kernels.linear(x, w.get("weight"), w.get("bias"));
  }
}
