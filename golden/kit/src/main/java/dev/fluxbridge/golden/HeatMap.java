package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.golden.metrics.PixelScores;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;

/**
 * Shows where two pictures of one size differ for the eye (FLIP): nothing is the golden in dark
 * grey, and from there it glows from violet over orange to yellow. Stateless.
 */
final class HeatMap {
  private static final int[][] GLOW = {
    {90, 20, 110}, {200, 50, 90}, {245, 130, 40}, {252, 245, 160}
  };
  private static final double DIMMED = 0.35;

  /** A difference from which on it glows as brightly as it can. */
  private static final double BRIGHTEST = 0.6;

  /** A difference below which nothing can be seen. */
  private static final double UNSEEN = 0.02;

  private HeatMap() {}

  static Bitmap of(Bitmap golden, Bitmap received) {
    PixelScores seen = Pair.of(golden, received).map(Metric.FLIP);
    byte[] grey = Colours.grey(golden).pixels();
    byte[] pixels = new byte[golden.pixels().length];
    for (int i = 0; i < grey.length; i++) {
      double dark = DIMMED * (grey[i] & 0xff);
      double value = seen.values()[i];
      double heat = Math.min(1, value / BRIGHTEST);
      double opaque = value < UNSEEN ? 0 : Math.min(1, 0.3 + heat);
      for (int c = 0; c < 3; c++) {
        pixels[i * 3 + c] = (byte) Math.rint(dark * (1 - opaque) + opaque * glow(heat, c));
      }
    }
    return new Bitmap(golden.width(), golden.height(), 3, pixels);
  }

  private static double glow(double heat, int channel) {
    double at = heat * (GLOW.length - 1);
    int below = Math.min(GLOW.length - 2, (int) at);
    double part = at - below;
    return GLOW[below][channel] * (1 - part) + GLOW[below + 1][channel] * part;
  }
}
