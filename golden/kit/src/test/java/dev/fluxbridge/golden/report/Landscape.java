package dev.fluxbridge.golden.report;

import dev.fluxbridge.providers.Bitmap;
import java.util.Random;

/** Pictures that look like some: a sun over hills, with the grain that keeps files large. */
final class Landscape {
  private static final int[][] SKIES = {
    {40, 60, 120, 240, 150, 90}, {110, 170, 220, 235, 240, 235}, {20, 20, 60, 150, 60, 120}
  };
  private static final int HILLS = 4;

  private Landscape() {}

  static Bitmap draw(long seed, int side) {
    return draw(seed, side, side, 2.5);
  }

  /**
   * @param grain standard deviation of the noise, levels
   */
  static Bitmap draw(long seed, int width, int height, double grain) {
    Random random = new Random(seed * 7919 + 3);
    int[] sky = SKIES[(int) (seed % SKIES.length)];
    double sunX = 0.2 + 0.6 * random.nextDouble();
    double sunY = 0.2 + 0.3 * random.nextDouble();
    double sun = 0.06 + 0.05 * random.nextDouble();
    double[][] hills = new double[HILLS][];
    for (int i = 0; i < HILLS; i++) {
      hills[i] =
          new double[] {
            2 + 5 * random.nextDouble(),
            6.3 * random.nextDouble(),
            7 + 9 * random.nextDouble(),
            6.3 * random.nextDouble()
          };
    }
    byte[] pixels = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = (double) x / width;
        double v = (double) y / height;
        double far = Math.hypot(u - sunX, v - sunY);
        int hill = hill(hills, u, v);
        for (int c = 0; c < 3; c++) {
          double value =
              hill < 0
                  ? sky[c] + (sky[c + 3] - sky[c]) * Math.min(1, v * 1.6) + glow(far, sun, c)
                  : sky[c + 3] * 0.75 * (HILLS - hill) / (HILLS + 1) + (c == 1 ? 12 + 6 * hill : 8);
          double noisy = value + grain * random.nextGaussian();
          pixels[(y * width + x) * 3 + c] = (byte) Math.max(0, Math.min(255, Math.rint(noisy)));
        }
      }
    }
    return new Bitmap(width, height, 3, pixels);
  }

  /** The nearest hill that this point lies in; -1 for the sky. */
  private static int hill(double[][] hills, double u, double v) {
    for (int i = HILLS - 1; i >= 0; i--) {
      double[] waves = hills[i];
      double top =
          0.5
              + 0.12 * i
              + 0.05 * Math.sin(waves[0] * u + waves[1])
              + 0.025 * Math.sin(waves[2] * u + waves[3]);
      if (v > top) {
        return i;
      }
    }
    return -1;
  }

  private static double glow(double far, double sun, int channel) {
    double disc = far < sun ? 90 : 0;
    return disc + (channel == 2 ? 30 : 70) * Math.exp(-far * 6);
  }

  static Bitmap swapped(Bitmap picture) {
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i += 3) {
      byte red = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = red;
    }
    return new Bitmap(picture.width(), picture.height(), 3, pixels);
  }
}
