package dev.fluxbridge.golden.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {
  private static final Path CONFIG = References.file("clip/preprocessor_config.json");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "square", "wide", "tall", "strip", "small", "pillar", "large", "grey", "noisy", "swapped"
      })
  void numbersAreThoseOfTransformers(String name) {
    FloatBuffer values =
        Preprocessing.read(CONFIG).of(References.picture(name), new Floats()).values();
    float[] expected = References.floats(name + ".f32");

    assertThat(values.remaining()).isEqualTo(expected.length);
    float largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - values.get(i)));
    }
    assertThat(largest).isLessThan(1e-6f);
  }

  @Test
  void aCropThatIsLargerThanThePictureIsBlackAround(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("preprocessor_config.json");
    Files.writeString(
        file, "{\"do_resize\":false,\"do_normalize\":false,\"crop_size\":34,\"rescale_factor\":1}");

    FloatBuffer values =
        Preprocessing.read(file).of(References.picture("square"), new Floats()).values();

    assertThat(values.get(0)).isZero();
    assertThat(values.get(34 + 1))
        .isEqualTo(References.picture("square").pixels()[0] & 0xff)
        .isNotZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"resample\":2}|resample is not 3 (bicubic) or 1 (Lanczos) but 2",
        "{\"do_rescale\":false}|do_rescale is not true but false",
        "{\"size\":{\"longest_edge\":5}}|size is not a size in pixels",
        "{\"size\":8}|crop_size is not a size in pixels",
        "{\"size\":8,\"crop_size\":8,\"image_mean\":[1,2]}|image_mean is not three numbers",
        "[]|holds no JSON object"
      })
  void whatCannotBeFollowedIsRefused(String json, String message, @TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("preprocessor_config.json");
    Files.writeString(file, json);

    assertThatThrownBy(() -> Preprocessing.read(file))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(message);
  }
}
