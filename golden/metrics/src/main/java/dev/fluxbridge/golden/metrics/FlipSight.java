package dev.fluxbridge.golden.metrics;

/**
 * What an eye makes of one picture, each of shape (H, W); see {@link Flip} for the source.
 *
 * @param lightness 0 to 100
 * @param redGreen like the a of CIELAB, weaker where it is dark
 * @param blueYellow like the b of CIELAB, weaker where it is dark
 * @param edge how steeply luma rises, 0 to 1.4
 * @param point how luma bends, 0 to 1.4
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FlipSight(
    float[] lightness, float[] redGreen, float[] blueYellow, float[] edge, float[] point) {
  private static final double WHITE_X = 0.950428545;
  private static final double WHITE_Z = 1.088900371;
  private static final double KNEE = 6.0 / 29;

  static FlipSight of(Side side) {
    Filter filter = new Filter(side.width(), side.height(), FlipKernels.RADIUS);
    float[] luma = side.linear(0);
    float[] redGreen = side.linear(1);
    float[] blueYellow = side.linear(2);
    oppose(luma, redGreen, blueYellow);
    float[] edge = strength(filter, luma, FlipKernels.SLOPE);
    float[] point = strength(filter, luma, FlipKernels.BEND);

    float[] light = filter.apply(luma, FlipKernels.LUMA, FlipKernels.LUMA);
    float[] red = filter.apply(redGreen, FlipKernels.RED_GREEN, FlipKernels.RED_GREEN);
    float[] blue = filter.apply(blueYellow, FlipKernels.BLUE_YELLOW, FlipKernels.BLUE_YELLOW);
    float[] wide =
        filter.apply(blueYellow, FlipKernels.BLUE_YELLOW_WIDE, FlipKernels.BLUE_YELLOW_WIDE);
    for (int i = 0; i < wide.length; i++) {
      blue[i] += wide[i];
    }
    see(light, red, blue);
    return new FlipSight(light, red, blue, edge, point);
  }

  /**
   * From linear red, green and blue to luma, 0 to 1, and two opponents, in place: CIELAB without
   * its curve and its factors, for which the filters, being linear, need not care.
   */
  private static void oppose(float[] red, float[] green, float[] blue) {
    for (int i = 0; i < red.length; i++) {
      double x = x(red[i], green[i], blue[i]);
      double y = y(red[i], green[i], blue[i]);
      double z = z(red[i], green[i], blue[i]);
      red[i] = (float) y;
      green[i] = (float) (x - y);
      blue[i] = (float) (y - z);
    }
  }

  /** Back from luma and opponents to linear light, which is clipped, and on to what is seen. */
  private static void see(float[] luma, float[] redGreen, float[] blueYellow) {
    double[] seen = new double[3];
    for (int i = 0; i < luma.length; i++) {
      double y = luma[i];
      double x = (y + redGreen[i]) * WHITE_X;
      double z = (y - blueYellow[i]) * WHITE_Z;
      see(
          clipped(3.241003275 * x - 1.537398934 * y - 0.498615861 * z),
          clipped(-0.969224334 * x + 1.875930071 * y + 0.041554224 * z),
          clipped(0.055639423 * x - 0.204011202 * y + 1.057148933 * z),
          seen);
      luma[i] = (float) seen[0];
      redGreen[i] = (float) seen[1];
      blueYellow[i] = (float) seen[2];
    }
  }

  /** CIELAB, less colourful where it is dark (Hunt's effect). */
  static void see(double red, double green, double blue, double[] seen) {
    double x = bent(x(red, green, blue));
    double y = bent(y(red, green, blue));
    double z = bent(z(red, green, blue));
    double lightness = 116 * y - 16;
    seen[0] = lightness;
    seen[1] = 0.01 * lightness * 500 * (x - y);
    seen[2] = 0.01 * lightness * 200 * (y - z);
  }

  private static float[] strength(Filter filter, float[] luma, float[] kernel) {
    float[] across = filter.apply(luma, kernel, FlipKernels.SMOOTH);
    float[] down = filter.apply(luma, FlipKernels.SMOOTH, kernel);
    for (int i = 0; i < across.length; i++) {
      across[i] = (float) Math.sqrt(across[i] * across[i] + down[i] * down[i]);
    }
    return across;
  }

  /** As a share of white's, like the two below. */
  private static double x(double red, double green, double blue) {
    return (10135552 * red + 8788810 * green + 4435075 * blue) * (1 / (24577794 * WHITE_X));
  }

  private static double y(double red, double green, double blue) {
    return (2613072 * red + 8788810 * green + 887015 * blue) * (1.0 / 12288897);
  }

  private static double z(double red, double green, double blue) {
    return (1425312 * red + 8788810 * green + 70074185 * blue) * (1 / (73733382 * WHITE_Z));
  }

  private static double bent(double value) {
    return value > KNEE * KNEE * KNEE
        ? CubeRoot.of(value)
        : value * (1 / (3 * KNEE * KNEE)) + 4.0 / 29;
  }

  private static double clipped(double value) {
    return value < 0 ? 0 : value > 1 ? 1 : value;
  }
}
