package dev.fluxbridge.legacy.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoencoderDecoderTest {

  @Test
  void decodesWhatDiffusersDecodes(@TempDir Path part) throws IOException {
    Files.writeString(
        part.resolve("config.json"),
        """
        {"_class_name": "AutoencoderKL", "block_out_channels": [32, 64], "layers_per_block": 1,
         "latent_channels": 4, "use_post_quant_conv": false, "scaling_factor": 1.0}
        """);
    SafetensorsWriter.of(DecoderTensors.of(List.of(32, 64), 1, 4, true, false))
        .write(part.resolve("diffusion_pytorch_model.safetensors"));
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      AutoencoderDecoder decoder =
          AutoencoderDecoder.load(part, Placement.float32(manager, kernels));
      NDArray image = decoder.decode(Waves.of(manager, j -> Math.cos(0.07 * j), 1, 4, 8, 8));
      assertThat(image.getShape().getShape()).containsExactly(1, 3, 16, 16);
      float[] pixels = image.toFloatArray();
      assertThat(Arrays.copyOf(pixels, 4))
          .containsExactly(new float[] {-0.00710f, -0.03390f, -0.07944f, -0.13902f}, within(1e-5f));
      assertThat(Arrays.copyOfRange(pixels, pixels.length - 3, pixels.length))
          .containsExactly(new float[] {-0.12601f, -0.10084f, -0.06999f}, within(1e-5f));
      assertThat(Waves.mean(pixels)).isCloseTo(-0.0035991, within(1e-5));
    }
  }
}
