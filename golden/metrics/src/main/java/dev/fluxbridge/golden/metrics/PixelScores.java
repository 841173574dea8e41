package dev.fluxbridge.golden.metrics;

import java.util.Arrays;

/**
 * A metric's value at each pixel, for heat maps and percentiles. It draws nothing. Safe for use by
 * several threads, as long as nobody writes to the values.
 *
 * @param metric whose mean over the pixels is its score
 * @param width W
 * @param height H
 * @param values of shape (H, W), in the metric's own units and direction
 */
@SuppressWarnings("ArrayRecordComponent") // A million values are not boxed.
public record PixelScores(Metric metric, int width, int height, float[] values) {

  /** Mean of all pixels. */
  public double mean() {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /**
   * The value that so many of 100 pixels do not exceed, between the two nearest in proportion, as
   * numpy's {@code percentile}.
   *
   * @param percent 0 (the least value) to 100 (the greatest)
   */
  public double percentile(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("a percentile is from 0 to 100 but this is " + percent);
    }
    double at = percent / 100 * (values.length - 1);
    int below = (int) at;
    double value = ranked(below);
    double next = ranked(Math.min(below + 1, values.length - 1));
    return value + (at - below) * (next - value);
  }

  /** The value at this place in order: only those that share its first 16 bits are sorted. */
  private float ranked(int rank) {
    int[] counts = new int[1 << 16];
    for (float value : values) {
      counts[prefix(value)]++;
    }
    int prefix = 0;
    int before = 0;
    while (before + counts[prefix] <= rank) {
      before += counts[prefix++];
    }
    float[] candidates = new float[counts[prefix]];
    int count = 0;
    for (float value : values) {
      if (prefix(value) == prefix) {
        candidates[count++] = value;
      }
    }
    Arrays.sort(candidates);
    return candidates[rank - before];
  }

  /** Bits in the order of the values, those below 0 among them. */
  private static int prefix(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (bits < 0 ? ~bits : bits | Integer.MIN_VALUE) >>> 16;
  }

  /** Tells the metric and the size only. */
  @Override
  public String toString() {
    return "PixelScores[%s, %dx%d]".formatted(metric, width, height);
  }
}
