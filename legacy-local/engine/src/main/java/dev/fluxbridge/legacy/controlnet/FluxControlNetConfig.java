package dev.fluxbridge.legacy.controlnet;

import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;

/**
 * The sizes in a ControlNet's {@code config.json}, and the tensors that follow from them.
 *
 * @param sizes those that a transformer has too
 * @param modes how many kinds of control pictures a union net knows; 0 for a net of one kind
 */
public record FluxControlNetConfig(FluxTransformerConfig sizes, int modes) {

  static FluxControlNetConfig of(Config config) {
    config.only("_class_name", config.text("_class_name", "(none)"), "FluxControlNetModel");
    if (config.count("conditioning_embedding_channels", 0) != 0) {
      throw new CheckpointException(
          "this ControlNet reads pixels through an input_hint_block"
              + " (\"conditioning_embedding_channels\" is "
              + config.count("conditioning_embedding_channels", 0)
              + "), as XLabs' nets do, and this engine draws with nets that read latents",
          config.file(),
          "Take a net without it, such as those of InstantX or Shakker Labs.");
    }
    return new FluxControlNetConfig(
        FluxTransformerConfig.sizes(config), config.count("num_mode", 0));
  }

  ExpectedTensors tensors() {
    int d = sizes.innerDim();
    ExpectedTensors tensors = sizes.trunk().linear("controlnet_x_embedder", d, sizes.inChannels());
    for (int i = 0; i < sizes.numLayers(); i++) {
      tensors.linear("controlnet_blocks." + i, d, d);
    }
    for (int i = 0; i < sizes.numSingleLayers(); i++) {
      tensors.linear("controlnet_single_blocks." + i, d, d);
    }
    if (modes > 0) {
      tensors.tensor("controlnet_mode_embedder.weight", modes, d);
    }
    return tensors;
  }
}
