package dev.fluxbridge.golden.metrics;

/**
 * The colour difference of 2000, pixel by pixel. Stateless.
 *
 * <p>Source: Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula", with all weights
 * 1; CIELAB for the standard light D65 and an observer of 2 degrees with the constants of
 * scikit-image 0.26.0.
 */
final class ColourDifference {
  private static final double WHITE_X = 0.95047;
  private static final double WHITE_Z = 1.08883;
  private static final double TURN = 2 * Math.PI;
  private static final double TO_THE_7 = 6103515625.0; // 25 to the 7th

  private ColourDifference() {}

  /** Of shape (H, W), 0 to about 120. */
  static float[] map(Side a, Side b) {
    float[][] x = {a.linear(0), a.linear(1), a.linear(2)};
    float[][] y = {b.linear(0), b.linear(1), b.linear(2)};
    float[] map = new float[x[0].length];
    double[] one = new double[3];
    double[] other = new double[3];
    for (int i = 0; i < map.length; i++) {
      if (x[0][i] != y[0][i] || x[1][i] != y[1][i] || x[2][i] != y[2][i]) {
        lab(x[0][i], x[1][i], x[2][i], one);
        lab(y[0][i], y[1][i], y[2][i], other);
        map[i] = (float) between(one, other);
      }
    }
    return map;
  }

  private static void lab(double red, double green, double blue, double[] lab) {
    double x = bent((0.412453 * red + 0.357580 * green + 0.180423 * blue) / WHITE_X);
    double y = bent(0.212671 * red + 0.715160 * green + 0.072169 * blue);
    double z = bent((0.019334 * red + 0.119193 * green + 0.950227 * blue) / WHITE_Z);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
  }

  private static double bent(double value) {
    return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16.0 / 116;
  }

  private static double between(double[] one, double[] other) {
    double chromas = (length(one[1], one[2]) + length(other[1], other[2])) / 2;
    double stretch = 1 + 0.5 * (1 - share(chromas));
    double chroma1 = length(one[1] * stretch, one[2]);
    double chroma2 = length(other[1] * stretch, other[2]);
    boolean hueless = chroma1 * chroma2 == 0;
    double hue1 = hue(one[1] * stretch, one[2]);
    double hue2 = hue(other[1] * stretch, other[2]);

    double lightness = (one[0] + other[0]) / 2 - 50;
    double byLightness =
        (other[0] - one[0])
            / (1 + 0.015 * lightness * lightness / Math.sqrt(20 + lightness * lightness));

    double chroma = (chroma1 + chroma2) / 2;
    double byChroma = (chroma2 - chroma1) / (1 + 0.045 * chroma);

    double turn = hueless ? 0 : shorter(hue2 - hue1);
    double hue = hueless ? hue1 + hue2 : middle(hue1, hue2);
    double t =
        1
            - 0.17 * Math.cos(hue - Math.toRadians(30))
            + 0.24 * Math.cos(2 * hue)
            + 0.32 * Math.cos(3 * hue + Math.toRadians(6))
            - 0.20 * Math.cos(4 * hue - Math.toRadians(63));
    double byHue = 2 * Math.sqrt(chroma1 * chroma2) * Math.sin(turn / 2) / (1 + 0.015 * chroma * t);

    double fromBlue = (Math.toDegrees(hue) - 275) / 25;
    double rotation =
        -2 * share(chroma) * Math.sin(2 * Math.toRadians(30) * Math.exp(-fromBlue * fromBlue));
    return Math.sqrt(
        Math.max(
            0,
            byLightness * byLightness
                + byChroma * byChroma
                + byHue * byHue
                + rotation * byChroma * byHue));
  }

  private static double share(double chroma) {
    double squared = chroma * chroma;
    double seventh = squared * squared * squared * chroma;
    return Math.sqrt(seventh / (seventh + TO_THE_7));
  }

  private static double length(double a, double b) {
    return Math.sqrt(a * a + b * b);
  }

  /** From 0 to a whole turn. */
  private static double hue(double a, double b) {
    double hue = Math.atan2(b, a);
    return hue < 0 ? hue + TURN : hue;
  }

  private static double shorter(double turn) {
    if (turn > Math.PI) {
      return turn - TURN;
    }
    return turn < -Math.PI ? turn + TURN : turn;
  }

  private static double middle(double hue1, double hue2) {
    double sum = hue1 + hue2;
    if (Math.abs(hue2 - hue1) > Math.PI) {
      sum += sum < TURN ? TURN : -TURN;
    }
    return sum / 2;
  }
}
