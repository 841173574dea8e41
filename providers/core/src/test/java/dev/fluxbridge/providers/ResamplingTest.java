package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ResamplingTest {

  /** Source: tools/reference/resampling.py, with Pillow 13.0.0. */
  @ParameterizedTest
  @CsvFileSource(resources = "resampling.csv", numLinesToSkip = 1)
  void resizesAsPillowDoes(
      int width,
      int height,
      int channels,
      int newWidth,
      int newHeight,
      String lanczos,
      String bicubic) {
    Bitmap picture = ramp(width, height, channels);

    assertThat(hash(Resampling.resize(picture, newWidth, newHeight).pixels())).isEqualTo(lanczos);
    assertThat(hash(Resampling.bicubic(picture, newWidth, newHeight).pixels())).isEqualTo(bicubic);
  }

  @Test
  void leavesAPictureThatHasTheSizeAsItIs() {
    Bitmap picture = ramp(5, 4, 3);

    assertThat(Resampling.resize(picture, 5, 4)).isSameAs(picture);
  }

  @Test
  void takesTheNearestPixels() {
    Bitmap two = new Bitmap(2, 1, 1, new byte[] {10, 20});

    assertThat(Resampling.nearest(two, 3, 2).pixels()).containsExactly(10, 10, 20, 10, 10, 20);
  }

  /** A ramp with noise on it, by the formula of the script that made the checksums. */
  static Bitmap ramp(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    int state = width + height;
    for (int i = 0; i < pixels.length; i++) {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      int pixel = i / channels;
      int level = pixel % width * 5 + pixel / width * 3 + i % channels * 70;
      pixels[i] = (byte) (level + (state >> 16) % 97);
    }
    return new Bitmap(width, height, channels, pixels);
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
