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
 * similarity"; K1 = 0.01, K2 = 0.03, a data range of 1.
 */
final class Structure {
  /** Pixels of the window, across and down. */
  static final int WINDOW = 11;

  private static final double SIGMA = 1.5;
  private static final float C1 = 0.01f * 0.01f;
  private static final float C2 = 0.03f * 0.03f;
  private static final int MIDDLE = WINDOW / 2;
  private static final float[] WEIGHTS = weights();

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
    int width = planes.width();
    int height = planes.height();
    int across = width - WINDOW + 1;
    int down = height - WINDOW + 1;
    Rows rows = new Rows(width);
    float[] similarity = new float[across];
    float[] contrast = new float[across];
    double similarities = 0;
    double contrasts = 0;
    for (int y = 0; y < down; y++) {
      rows.filter(planes.sum(), planes.difference(), y * width);
      rows.score(similarity, contrast);
      similarities += total(similarity);
      contrasts += total(contrast);
      if (map != null) {
        System.arraycopy(similarity, 0, map, y * across, across);
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

  private static float[] weights() {
    double[] exact = new double[WINDOW];
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      exact[i] = Math.exp(-(i - MIDDLE) * (i - MIDDLE) / (2 * SIGMA * SIGMA));
      sum += exact[i];
    }
    float[] weights = new float[MIDDLE + 1];
    for (int i = 0; i <= MIDDLE; i++) {
      weights[i] = (float) (exact[i] / sum);
    }
    return weights;
  }

  /** One row of windows: first filtered down, then across, all in the processor's cache. */
  private static final class Rows {
    private final int width;
    private final float[][] down;
    private final float[][] across;

    Rows(int width) {
      this.width = width;
      this.down = new float[4][width];
      this.across = new float[4][width - WINDOW + 1];
    }

    void filter(float[] sum, float[] difference, int start) {
      down(sum, start, down[0], down[1]);
      down(difference, start, down[2], down[3]);
      for (int i = 0; i < 4; i++) {
        across(down[i], across[i]);
      }
    }

    /** The weighted values and their weighted squares. */
    private void down(float[] plane, int start, float[] values, float[] squares) {
      float middle = WEIGHTS[MIDDLE];
      int centre = start + MIDDLE * width;
      for (int x = 0; x < width; x++) {
        float value = plane[centre + x];
        values[x] = middle * value;
        squares[x] = middle * value * value;
      }
      for (int i = 0; i < MIDDLE; i++) {
        float weight = WEIGHTS[i];
        int above = start + i * width;
        int below = start + (WINDOW - 1 - i) * width;
        for (int x = 0; x < width; x++) {
          float a = plane[above + x];
          float b = plane[below + x];
          values[x] += weight * (a + b);
          squares[x] += weight * (a * a + b * b);
        }
      }
    }

    private static void across(float[] from, float[] to) {
      float w0 = WEIGHTS[0];
      float w1 = WEIGHTS[1];
      float w2 = WEIGHTS[2];
      float w3 = WEIGHTS[3];
      float w4 = WEIGHTS[4];
      float w5 = WEIGHTS[5];
      for (int x = 0; x < to.length; x++) {
        to[x] =
            w0 * (from[x] + from[x + 10])
                + w1 * (from[x + 1] + from[x + 9])
                + w2 * (from[x + 2] + from[x + 8])
                + w3 * (from[x + 3] + from[x + 7])
                + w4 * (from[x + 4] + from[x + 6])
                + w5 * from[x + 5];
      }
    }

    void score(float[] similarity, float[] contrast) {
      float[] s = across[0];
      float[] ss = across[1];
      float[] d = across[2];
      float[] dd = across[3];
      for (int x = 0; x < similarity.length; x++) {
        float varianceS = ss[x] - s[x] * s[x];
        float meanD = d[x] * d[x];
        float varianceD = dd[x] - meanD;
        float mean = s[x] + 1;
        float luminance = 1 - meanD / (0.5f * (mean * mean + meanD) + C1);
        contrast[x] = 1 - varianceD / (0.5f * (varianceS + varianceD) + C2);
        similarity[x] = luminance * contrast[x];
      }
    }
  }
}
