package dev.fluxbridge.golden.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.providers.Bitmap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedDistanceTest {
  private static final Path LPIPS = References.file("lpips.onnx");

  @Test
  void distancesAreThoseOfTheLpipsPackage() {
    double largest = 0;
    try (LearnedDistance distance = LearnedDistance.open(LPIPS, PixelRange.MINUS_1_TO_1)) {
      for (String[] line : References.table("distances.csv")) {
        double actual = distance.between(References.picture(line[0]), References.picture(line[1]));
        largest = Math.max(largest, Math.abs(actual - Double.parseDouble(line[2])));
      }
    }
    System.out.println("largest difference from the lpips package: " + largest);

    assertThat(largest).isLessThan(1e-5);
  }

  @Test
  void theRangeOfPixelsDecides() {
    try (LearnedDistance other = LearnedDistance.open(LPIPS, PixelRange.ZERO_TO_1);
        LearnedDistance right = LearnedDistance.open(LPIPS, PixelRange.MINUS_1_TO_1)) {
      Bitmap large = References.picture("large");
      Bitmap noisy = References.picture("noisy");

      assertThat(other.between(large, noisy))
          .isNotCloseTo(right.between(large, noisy), within(0.001));
      assertThat(other.name()).isNotEqualTo(right.name());
    }
  }

  @Test
  void itsNameIsThatOfItsWeights(@TempDir Path folder) throws IOException {
    Path copy = Files.copy(LPIPS, folder.resolve("mine.onnx"));
    String name = name(copy);

    assertThat(name).isEqualTo(name(LPIPS)).matches("LEARNED_DISTANCE:MINUS_1_TO_1-sha256-.{64}");
    assertThat(name(References.file("lpips-64x64.onnx"))).isNotEqualTo(name);

    Files.writeString(folder.resolve("mine.onnx.data"), "weights that lie beside it");
    assertThat(name(copy)).isNotEqualTo(name);
  }

  private static String name(Path file) {
    try (LearnedDistance distance = LearnedDistance.open(file, PixelRange.MINUS_1_TO_1)) {
      return distance.name();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one-input|takes a ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT [B, 3, H, W] and gives",
        "half-precision|takes a ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 [B, 3, H, W], b",
        "four-channels|[B, 4, H, W]",
        "a-map|gives out ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT [B, 3, H, W]",
        "clip/model|takes input_ids ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64"
      })
  void aFileOfAnotherKindIsRefusedWithWhatItHas(String name, String message) {
    Path file = References.file(name + ".onnx");

    assertThatThrownBy(() -> LearnedDistance.open(file, PixelRange.MINUS_1_TO_1))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file + " is not a distance of two pictures (two inputs of 32-bit")
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsMissingOrIsNoOnnxIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weights.onnx");
    assertThatThrownBy(() -> LearnedDistance.open(file, PixelRange.ZERO_TO_1))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("there is no file " + file);

    Files.writeString(file, "<html>not found</html>");
    assertThatThrownBy(() -> LearnedDistance.open(file, PixelRange.ZERO_TO_1))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file + " is no ONNX file that can be run here");

    byte[] whole = Files.readAllBytes(LPIPS);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> LearnedDistance.open(file, PixelRange.ZERO_TO_1))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("is no ONNX file that can be run here");
  }

  @Test
  void aSizeThatTheFileDoesNotTakeIsRefused() {
    Path file = References.file("lpips-64x64.onnx");
    try (LearnedDistance distance = LearnedDistance.open(file, PixelRange.MINUS_1_TO_1)) {
      Bitmap wide = References.picture("wide");
      assertThatThrownBy(() -> distance.between(wide, wide))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("takes pictures of 64x64 pixels alone, and these are 61x47")
          .hasMessageContaining("dynamic_axes");
      assertThatThrownBy(() -> distance.between(wide, References.picture("tall")))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("of one size, and these are 61x47 and 40x96");
    }
  }

  @Test
  void whatIsNoNumberIsNoDistance() {
    Path file = References.file("not-a-number.onnx");
    try (LearnedDistance distance = LearnedDistance.open(file, PixelRange.ZERO_TO_1)) {
      assertThatThrownBy(
              () -> distance.between(References.picture("large"), References.picture("noisy")))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("gave NaN for two pictures of 128x96");
    }
  }

  @Test
  void severalThreadsMayAsk() throws Exception {
    Bitmap large = References.picture("large");
    Bitmap noisy = References.picture("noisy");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (LearnedDistance distance = LearnedDistance.open(LPIPS, PixelRange.MINUS_1_TO_1)) {
      double expected = distance.between(large, noisy);
      List<Future<Double>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(() -> distance.between(large, noisy)));
      }
      for (Future<Double> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void afterItWasClosedItRefuses() {
    LearnedDistance distance = LearnedDistance.open(LPIPS, PixelRange.MINUS_1_TO_1);
    distance.close();
    distance.close();
    Bitmap wide = References.picture("wide");

    assertThatThrownBy(() -> distance.between(wide, wide))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was closed");
  }
}
