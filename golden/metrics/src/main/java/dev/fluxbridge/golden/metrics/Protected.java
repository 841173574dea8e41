package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.MaskHonesty;

/**
 * What changed where a mask protects. Stateless but for its numbers.
 *
 * @param meanAbsolute mean absolute difference of the protected pixels' channels, 0 to 1
 * @param shareChanged the share of them of which a channel differs visibly, 0 to 1
 */
record Protected(double meanAbsolute, double shareChanged) {
  private static final int HALF = 128;

  /** With no protected pixel both numbers are 0. */
  static Protected of(Side a, Side b, Bitmap mask) {
    byte[] x = a.bitmap().pixels();
    byte[] y = b.bitmap().pixels();
    int channels = a.channels();
    long pixels = 0;
    long changed = 0;
    long sum = 0;
    for (int i = 0; i < mask.pixels().length; i++) {
      if ((mask.pixels()[i] & 0xff) >= HALF) {
        continue;
      }
      pixels++;
      int most = 0;
      for (int at = i * channels; at < (i + 1) * channels; at++) {
        int difference = Math.abs((x[at] & 0xff) - (y[at] & 0xff));
        sum += difference;
        most = Math.max(most, difference);
      }
      changed += most > MaskHonesty.VISIBLE ? 1 : 0;
    }
    double all = Math.max(1, pixels);
    return new Protected(sum / (255.0 * channels * all), changed / all);
  }
}
