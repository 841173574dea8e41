package dev.fluxbridge.legacy.autoencoder;

import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import java.util.Collections;
import java.util.List;

/**
 * The sizes in the autoencoder's {@code config.json}.
 *
 * @param blockOutChannels features at each resolution, from the pixels to the latents
 * @param layersPerBlock residual layers at each resolution of the encoder; the decoder has one more
 * @param latentChannels C, channels of the latents
 * @param sampleSize the side of a tile, in pixels
 * @param scalingFactor by how much latents are made larger
 * @param shiftFactor what is taken off latents before that
 */
record AutoencoderConfig(
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int latentChannels,
    int normNumGroups,
    int sampleSize,
    double scalingFactor,
    double shiftFactor,
    boolean midBlockAddAttention,
    boolean useQuantConv,
    boolean usePostQuantConv) {

  static AutoencoderConfig of(Config config) {
    config.only("_class_name", config.text("_class_name", "(none)"), "AutoencoderKL");
    config.only("act_fn", config.text("act_fn", "silu"), "silu");
    config.only("in_channels", config.size("in_channels", 3), 3);
    config.only("out_channels", config.size("out_channels", 3), 3);
    AutoencoderConfig sizes =
        new AutoencoderConfig(
            config.sizes("block_out_channels", null),
            config.layers("layers_per_block"),
            config.size("latent_channels"),
            config.size("norm_num_groups", 32),
            config.size("sample_size", 32),
            config.number("scaling_factor"),
            config.number("shift_factor", 0),
            config.flag("mid_block_add_attention", true),
            config.flag("use_quant_conv", true),
            config.flag("use_post_quant_conv", true));
    onlyBlocks(config, "down_block_types", "DownEncoderBlock2D", sizes.blocks());
    onlyBlocks(config, "up_block_types", "UpDecoderBlock2D", sizes.blocks());
    for (int width : sizes.blockOutChannels) {
      if (width % sizes.normNumGroups != 0) {
        throw new CheckpointException(
            "\"block_out_channels\" "
                + sizes.blockOutChannels
                + " do not divide into "
                + sizes.normNumGroups
                + " norm_num_groups",
            config.file(),
            "Take config.json and weights from the same checkpoint.");
      }
    }
    if (sizes.scalingFactor == 0) {
      throw new CheckpointException(
          "\"scaling_factor\" is 0", config.file(), "Copy the file again from where it came.");
    }
    return sizes;
  }

  private static void onlyBlocks(Config config, String key, String kind, int blocks) {
    List<String> known = Collections.nCopies(blocks, kind);
    config.only(key, config.texts(key, known), known);
  }

  /** Resolutions. */
  int blocks() {
    return blockOutChannels.size();
  }

  /** Pixels along one side of a latent. */
  int scale() {
    return 1 << (blocks() - 1);
  }
}
