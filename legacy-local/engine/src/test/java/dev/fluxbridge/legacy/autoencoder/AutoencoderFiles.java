package dev.fluxbridge.legacy.autoencoder;

import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Autoencoders with the golden numbers' filled weights, in a folder. */
final class AutoencoderFiles {
  static final String SMALL =
      """
      {"_class_name": "AutoencoderKL", "block_out_channels": [32, 64], "layers_per_block": 1,
       "latent_channels": 4, "use_quant_conv": false, "use_post_quant_conv": false,
       "scaling_factor": 0.5, "shift_factor": 0.25, "sample_size": 8}
      """;

  private AutoencoderFiles() {}

  static Path write(Path part, String config) {
    return write(part, config, true);
  }

  static Path write(Path part, String config, boolean withEncoder) {
    config(part, config);
    writer(part, withEncoder).write(part.resolve("diffusion_pytorch_model.safetensors"));
    return part;
  }

  static void config(Path part, String config) {
    try {
      Files.writeString(part.resolve("config.json"), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the tensors that follow from the configuration in that folder. */
  static SafetensorsWriter writer(Path part, boolean withEncoder) {
    AutoencoderConfig sizes = AutoencoderConfig.of(Config.read(part.resolve("config.json")));
    return SafetensorsWriter.of(AutoencoderTensors.of(sizes, withEncoder));
  }
}
