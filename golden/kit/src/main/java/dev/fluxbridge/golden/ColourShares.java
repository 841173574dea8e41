package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;

/** Which colours a picture has, by 64 coarse ones between which a pixel is shared. Stateless. */
final class ColourShares {
  private static final int STEPS = 4;
  private static final double LACKING = 0.2;

  private ColourShares() {}

  /** The share of pixels, of either picture, in colours that the other one hardly has; 0 to 1. */
  static double lacking(Bitmap one, Bitmap other) {
    double[] a = of(one);
    double[] b = of(other);
    double inA = 0;
    double inB = 0;
    for (int i = 0; i < a.length; i++) {
      inA += b[i] < LACKING * a[i] ? a[i] - b[i] : 0;
      inB += a[i] < LACKING * b[i] ? b[i] - a[i] : 0;
    }
    return Math.max(inA, inB);
  }

  private static double[] of(Bitmap rgb) {
    double[] shares = new double[STEPS * STEPS * STEPS];
    byte[] pixels = rgb.pixels();
    double each = 3.0 / pixels.length;
    for (int i = 0; i < pixels.length; i += 3) {
      for (int corner = 0; corner < 8; corner++) {
        double weight = each;
        int bin = 0;
        for (int channel = 0; channel < 3; channel++) {
          double at = (pixels[i + channel] & 0xff) / 255.0 * (STEPS - 1);
          int below = Math.min(STEPS - 2, (int) at);
          boolean upper = (corner >> channel & 1) == 1;
          weight *= upper ? at - below : 1 - (at - below);
          bin = bin * STEPS + below + (upper ? 1 : 0);
        }
        shares[bin] += weight;
      }
    }
    return shares;
  }
}
