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
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = percent / 100 * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * ((double) sorted[above] - sorted[below]);
  }

  /** Tells the metric and the size only. */
  @Override
  public String toString() {
    return "PixelScores[%s, %dx%d]".formatted(metric, width, height);
  }
}
