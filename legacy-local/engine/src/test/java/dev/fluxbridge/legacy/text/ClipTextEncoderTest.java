package dev.fluxbridge.legacy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipTextEncoderTest {

  /** Under the historic end token 2 the highest id ends the text, otherwise the first end token. */
  @ParameterizedTest
  @ValueSource(ints = {2, 19})
  void poolsWhatClipPools(int eosTokenId, @TempDir Path part) throws IOException {
    Files.writeString(
        part.resolve("config.json"),
        """
        {"vocab_size": 20, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
         "intermediate_size": 32, "max_position_embeddings": 8, "hidden_act": "quick_gelu",
         "eos_token_id": %d}
        """
            .formatted(eosTokenId));
    SafetensorsWriter.of(ClipTextEncoder.tensors(20, 8, 16, 32, 2))
        .write(part.resolve("model.safetensors"));
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      ClipTextEncoder clip =
          ClipTextEncoder.load(part, new Placement(manager, kernels, Precision.FLOAT32));
      float[] pooled =
          clip.encode(
                  manager,
                  List.of(
                      new long[] {18, 3, 7, 19, 19, 19, 19, 19},
                      new long[] {18, 5, 1, 2, 4, 6, 19, 19}))
              .toFloatArray();
      assertThat(Arrays.copyOf(pooled, 5))
          .containsExactly(
              new float[] {1.922131f, 1.902318f, 1.270201f, 0.283836f, -0.638695f}, within(1e-5f));
      assertThat(Arrays.copyOfRange(pooled, 16, 21))
          .containsExactly(
              new float[] {1.621196f, 1.909132f, 1.566511f, 0.726774f, -0.256941f}, within(1e-5f));
    }
  }
}
