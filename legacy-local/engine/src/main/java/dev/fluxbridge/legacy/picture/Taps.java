package dev.fluxbridge.legacy.picture;

/**
 * Which pixels of a row or column go into each pixel of the resized one, and with which weights.
 *
 * <p>Source: Pillow 13, libImaging/Resample.c: weights with 22 bits behind the point, halves
 * rounded away from zero, so that sums of products with 8-bit numbers stay exact integers.
 */
final class Taps {
  static final int BITS = 22;

  /** The first pixel that counts, for each target pixel. */
  final int[] first;

  /** How many count, for each target pixel. */
  final int[] count;

  /** The weights, {@link #stride} places for each target pixel. */
  final int[] weights;

  final int stride;

  private Taps(int[] first, int[] count, int[] weights, int stride) {
    this.first = first;
    this.count = count;
    this.weights = weights;
    this.stride = stride;
  }

  /**
   * From a stretch of a line of {@code sourceSize} pixels to {@code targetSize} pixels.
   *
   * @param from where the stretch begins
   * @param to where it ends; the same place for a stretch without length
   */
  static Taps of(int sourceSize, int from, int to, int targetSize, Filter filter) {
    double scale = (double) (to - from) / targetSize;
    double reach = Math.max(scale, 1);
    double support = filter.support() * reach;
    int stride = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[targetSize];
    int[] count = new int[targetSize];
    int[] weights = new int[Math.multiplyExact(targetSize, stride)];
    double[] exact = new double[stride];
    for (int target = 0; target < targetSize; target++) {
      double centre = from + (target + 0.5) * scale;
      int begin = Math.max((int) (centre - support + 0.5), 0);
      int taps = Math.min((int) (centre + support + 0.5), sourceSize) - begin;
      double sum = 0;
      for (int i = 0; i < taps; i++) {
        exact[i] = filter.weight((i + begin - centre + 0.5) * (1 / reach));
        sum += exact[i];
      }
      for (int i = 0; i < taps; i++) {
        double weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << BITS);
        weights[target * stride + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
      first[target] = begin;
      count[target] = taps;
    }
    return new Taps(first, count, weights, stride);
  }
}
