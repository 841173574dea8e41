package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Resampling;
import java.util.Arrays;

/**
 * Fingerprints of 64 bits, which are near to each other where two pictures are. They find pictures
 * of one motif, also in other sizes; they are no proof that two pictures are the same. Stateless
 * and safe for use by several threads.
 *
 * <p>Source: ImageHash 4.3.2. The first bit is the highest one, so that {@link Long#toHexString}
 * writes what Python's {@code str(hash)} writes.
 */
public final class PictureHash {
  private static final int SIDE = 8;
  private static final int WIDE = 32;

  /** Above rounding in 64 bits, far below what one level of one pixel changes. */
  private static final double NOISE = 1e-6;

  private PictureHash() {}

  /** Where grey rises from left to right, at 9x8 pixels. */
  public static long difference(Bitmap picture) {
    byte[] small = Resampling.resize(Colours.grey(picture), SIDE + 1, SIDE).pixels();
    long bits = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int at = y * (SIDE + 1) + x;
        bits = bits << 1 | ((small[at + 1] & 0xff) > (small[at] & 0xff) ? 1 : 0);
      }
    }
    return bits;
  }

  /**
   * Which of the 8x8 lowest waves at 32x32 pixels are above their median. Waves that a picture does
   * not have are 0 here; in ImageHash the rounding of its library decides over their bits.
   */
  public static long perceptual(Bitmap picture) {
    double[] waves = lowestWaves(Resampling.resize(Colours.grey(picture), WIDE, WIDE).pixels());
    double[] sorted = waves.clone();
    Arrays.sort(sorted);
    double median = (sorted[waves.length / 2 - 1] + sorted[waves.length / 2]) / 2;
    long bits = 0;
    for (double wave : waves) {
      bits = bits << 1 | (wave > median ? 1 : 0);
    }
    return bits;
  }

  /** How many bits differ, 0 to 64. */
  public static int distance(long hash, long other) {
    return Long.bitCount(hash ^ other);
  }

  /** A cosine transform (type 2) of which only the corner is made. */
  private static double[] lowestWaves(byte[] pixels) {
    double[] cosines = new double[SIDE * WIDE];
    for (int k = 0; k < SIDE; k++) {
      for (int n = 0; n < WIDE; n++) {
        cosines[k * WIDE + n] = 2 * Math.cos(Math.PI * k * (2 * n + 1) / (2 * WIDE));
      }
    }
    double[] columns = new double[SIDE * WIDE];
    for (int k = 0; k < SIDE; k++) {
      for (int y = 0; y < WIDE; y++) {
        for (int x = 0; x < WIDE; x++) {
          columns[k * WIDE + x] += cosines[k * WIDE + y] * (pixels[y * WIDE + x] & 0xff);
        }
      }
    }
    double[] waves = new double[SIDE * SIDE];
    for (int k = 0; k < SIDE; k++) {
      for (int j = 0; j < SIDE; j++) {
        double sum = 0;
        for (int x = 0; x < WIDE; x++) {
          sum += cosines[j * WIDE + x] * columns[k * WIDE + x];
        }
        waves[k * SIDE + j] = Math.abs(sum) < NOISE ? 0 : sum;
      }
    }
    return waves;
  }
}
