package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.ImageBackendContract;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LocalBackendTest extends ImageBackendContract {
  private static final LocalBackend BACKEND =
      new LocalBackend(
          Settings.of(Map.of(Settings.LOCAL_CHECKPOINT, "embedded"), Map.of(), Map.of()));

  @Override
  protected ImageBackend backend() {
    return BACKEND;
  }

  @Test
  void whatAStopQuestionThrowsArrivesAsItIs() {
    IllegalArgumentException own = new IllegalArgumentException("mine");
    Progress broken =
        new Progress() {
          @Override
          public boolean stopEarly() {
            throw own;
          }
        };
    assertThatThrownBy(() -> BACKEND.generate(request(Prompt.of("a red circle")), broken))
        .isSameAs(own);
  }

  @Test
  void computesInThePrecisionThatTheSettingsName() {
    try (LocalBackend half = backend(Map.of(Settings.LOCAL_DTYPE, "bfloat16"))) {
      float[] pixels = pixels(half);
      // A bfloat16 is the upper half of a float32.
      for (float pixel : pixels) {
        assertThat(Float.floatToRawIntBits(pixel) & 0xffff).isZero();
      }
      assertThat(pixels).isNotEqualTo(pixels(BACKEND));
    }
  }

  @Test
  void refusesAPrecisionThatThereIsNot() {
    try (LocalBackend wrong = backend(Map.of(Settings.LOCAL_DTYPE, "float64"))) {
      assertThatThrownBy(() -> pixels(wrong))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("float32, bfloat16 or float16")
          .hasMessageContaining("error-invalid");
    }
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoGpu() {
    try (LocalBackend absent = backend(Map.of(Settings.LOCAL_DEVICE, "cuda:99"))) {
      assertThatThrownBy(() -> pixels(absent))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("cuda:99")
          .hasMessageContaining("error-unavailable");
    }
  }

  private static LocalBackend backend(Map<String, String> properties) {
    return new LocalBackend(
        Settings.of(properties, Map.of(), Map.of(Settings.LOCAL_CHECKPOINT, "embedded")));
  }

  private float[] pixels(LocalBackend backend) {
    ImageResult result = backend.generate(request(Prompt.of("a red circle")), Progress.NONE);
    return ((Picture.Pixels) result.images().get(0)).values().values();
  }

  @AfterAll
  static void free() {
    BACKEND.close();
  }
}
