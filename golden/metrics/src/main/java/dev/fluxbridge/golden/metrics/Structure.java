package dev.fluxbridge.golden.metrics;

import org.jspecify.annotations.Nullable;

/**
 * Structural similarity of two planes of one size under a gaussian window. Stateless.
 *
 * <p>It works on the sum s and the difference d of the planes, of which mean and variance under the
 * window say the same as those of the planes: with x and y for the planes,
 *
 * <pre>
 * similarity = (1 - mean(d)^2 / (mean(x)^2 + mean(y)^2 + C1)) * (1 - var(d) / (var(x) + var(y) + C2))
 * </pre>
 *
 * so one filter fewer is needed, equal pictures score exactly 1, and little is lost in 32 bits
 * where the pictures are near to each other.
 *
 * <p>Source: Wang and others 2004, "Image quality assessment: from error visibility to structural
 * similarity".
 */
final class Structure {
  /** Pixels of the window, across and down. */
  static final int WINDOW = StructureRow.WINDOW;

  private Structure() {}

  /**
   * Means over all windows that lie inside.
   *
   * @param similarity of luminance, contrast and structure, -1 to 1
   * @param contrast the same without luminance, -1 to 1
   */
  record Means(double similarity, double contrast) {}

  /**
   * Compares two planes.
   *
   * @param map where the similarity of each window goes, of shape (H - 10, W - 10), if wanted
   */
  static Means compare(Planes planes, float @Nullable [] map) {
    int across = planes.width() - WINDOW + 1;
    int down = planes.height() - WINDOW + 1;
    StructureRow row = new StructureRow(across);
    double similarities = 0;
    double contrasts = 0;
    for (int y = 0; y < down; y++) {
      row.score(planes, y);
      similarities += total(row.similarity());
      contrasts += total(row.contrast());
      if (map != null) {
        System.arraycopy(row.similarity(), 0, map, y * across, across);
      }
    }
    double windows = (double) across * down;
    return new Means(similarities / windows, contrasts / windows);
  }

  private static double total(float[] values) {
    double total = 0;
    for (float value : values) {
      total += value;
    }
    return total;
  }
}
