package dev.fluxbridge.providers;

/**
 * Makes pictures larger or smaller with Lanczos' filter of three lobes, widened where a picture
 * shrinks, as the old image processors did through Pillow.
 *
 * <p>Pillow's weights have 22 bits, so that a level may differ by one of 255 from Pillow's.
 *
 * <p>Source: Pillow, src/libImaging/Resample.c.
 */
public final class Resampling {
  private static final double LOBES = 3;

  private Resampling() {}

  /**
   * The picture in another size; the same object if it has that size.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   */
  public static Bitmap resize(Bitmap from, int width, int height) {
    if (from.width() == width && from.height() == height) {
      return from;
    }
    float[] values = new float[from.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = from.pixels()[i] & 0xff;
    }
    int channels = from.channels();
    float[] across = along(values, from.height(), from.width(), width, channels);
    // Rows as what lies side by side: a row is one "pixel" of width * channels values.
    float[] down = along(across, 1, from.height(), height, width * channels);
    byte[] pixels = new byte[down.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) down[i];
    }
    return new Bitmap(width, height, channels, pixels);
  }

  /**
   * Changes one side.
   *
   * @param outer how many lines there are
   * @param from how long each is, in cells
   * @param to how long each becomes
   * @param cell values in a cell
   */
  private static float[] along(float[] values, int outer, int from, int to, int cell) {
    if (from == to) {
      return values;
    }
    double scale = (double) from / to;
    double stretch = Math.max(1, scale);
    double reach = LOBES * stretch;
    float[] result = new float[Math.multiplyExact(Math.multiplyExact(outer, to), cell)];
    for (int x = 0; x < to; x++) {
      double centre = (x + 0.5) * scale;
      int first = Math.max(0, (int) (centre - reach + 0.5));
      int last = Math.min(from, (int) (centre + reach + 0.5));
      double[] weights = weights(first, last, centre, stretch);
      for (int line = 0; line < outer; line++) {
        int target = (line * to + x) * cell;
        for (int i = first; i < last; i++) {
          int source = (line * from + i) * cell;
          float weight = (float) weights[i - first];
          for (int c = 0; c < cell; c++) {
            result[target + c] += weight * values[source + c];
          }
        }
      }
    }
    // Pillow keeps bytes between the two directions: what overshoots is cut off twice.
    for (int i = 0; i < result.length; i++) {
      result[i] = Math.round(Math.max(0f, Math.min(255f, result[i])));
    }
    return result;
  }

  private static double[] weights(int first, int last, double centre, double stretch) {
    double[] weights = new double[last - first];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = lanczos((first + i + 0.5 - centre) / stretch);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  private static double lanczos(double x) {
    return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
