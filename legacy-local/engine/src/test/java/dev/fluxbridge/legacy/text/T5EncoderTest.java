package dev.fluxbridge.legacy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class T5EncoderTest {

  @Test
  void encodesWhatT5Encodes(@TempDir Path part) throws IOException {
    T5Files.write(part, 20, 16);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      T5Encoder t5 = T5Encoder.load(part, new Placement(manager, kernels, Precision.FLOAT32));
      NDArray encoded =
          t5.encode(
              manager,
              List.of(
                  new long[] {3, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                  new long[] {5, 1, 2, 4, 6, 9, 11, 13, 1, 0, 0, 0}));
      assertThat(encoded.getShape().getShape()).containsExactly(2, 12, 16);
      float[] values = encoded.toFloatArray();
      assertThat(Arrays.copyOf(values, 5))
          .containsExactly(
              new float[] {1.552426f, -0.212490f, -1.105977f, 0.881033f, 0.551203f}, within(1e-5f));
      assertThat(Arrays.copyOfRange(values, 23 * 16, 23 * 16 + 5))
          .containsExactly(
              new float[] {0.580897f, -1.546025f, -0.253427f, 0.676917f, -1.127485f},
              within(1e-5f));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-128,15", "-91,15", "-64,14", "-46,13", "-32,12", "-23,11", "-16,10", "-12,9", "-11,8", "-8,8",
    "-7,7", "-1,1", "0,0", "1,17", "7,23", "8,24", "16,26", "128,31"
  })
  void bucketsDistancesAsT5Does(int relativePosition, int bucket) {
    assertThat(T5Encoder.bucket(relativePosition, 32, 128)).isEqualTo(bucket);
  }
}
