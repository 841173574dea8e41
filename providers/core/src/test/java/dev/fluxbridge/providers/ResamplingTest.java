package dev.fluxbridge.providers;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {

  /** Source: Image.resize of Pillow 13.0.0. */
  @ParameterizedTest
  @CsvSource({
    "64, 48, 3, 32, 24, 0732755a6dc24ac2276d265b34f6f2ec96138dd561d19d041bcbd6f8daabdfa6",
    "37, 53, 1, 64, 96, ac18b00291bf36b0f4c2618541fb5f2005d6a7ac3da106d8cc7a8dfc291376c9",
    "101, 67, 3, 33, 100, 1c6c9c6c48ee4f7a566544fc9aceeb613f89d0a7e17aaa62c7df22adc1105e1d",
    "50, 50, 3, 50, 20, 43490d8df1afad6eecffb6b147c1040b6516a00de035d38eab349e9f9356bf14",
    "50, 50, 1, 20, 50, a8de6e9fe44b14326eacea86df003d81ad0e66e5798bd795f9c16192c1bedd5d",
    "1, 1, 3, 5, 7, f75403d2dd2df8d4c7d381be0378e25f69a3e9ee627e25fa1b53d892058c87b6",
    "7, 5, 3, 1, 1, 5515b42f45d27068cbeb29a9ee80509d16d64a9d4c669271a0d7bca92c4adf01",
    "200, 3, 3, 16, 16, 93be834bb00f1232332eacfd362a2e0021bb5cb35c5195c1b79eb10f9eabf9fa",
    "3, 200, 3, 48, 16, f1a3915aae738b09f9a34518141d2b2020b60551bf1be2bdc612ebb92ff73627",
    "129, 65, 3, 128, 64, 08d27b4a9f789a48611af69f6fb092fd343ad170b7bf6c5c09e1905c230c8c19"
  })
  void resizesAsPillowDoes(
      int width, int height, int channels, int newWidth, int newHeight, String sha256) {
    Bitmap resized = Resampling.resize(ramp(width, height, channels), newWidth, newHeight);

    assertThat(hash(resized.pixels())).isEqualTo(sha256);
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
