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
  private static final double C30 = Math.cos(Math.toRadians(30));
  private static final double S30 = Math.sin(Math.toRadians(30));
  private static final double C6 = Math.cos(Math.toRadians(6));
  private static final double S6 = Math.sin(Math.toRadians(6));
  private static final double C63 = Math.cos(Math.toRadians(63));
  private static final double S63 = Math.sin(Math.toRadians(63));
  private static final double C275 = Math.cos(Math.toRadians(275));
  private static final double S275 = Math.sin(Math.toRadians(275));
  private static final double WIDTH_OF_BLUE = Math.pow(Math.toRadians(25), -2);
  private static final double[] ARCSINE = arcsine();
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
    double x = bent((0.412453 * red + 0.357580 * green + 0.180423 * blue) * (1 / WHITE_X));
    double y = bent(0.212671 * red + 0.715160 * green + 0.072169 * blue);
    double z = bent((0.019334 * red + 0.119193 * green + 0.950227 * blue) * (1 / WHITE_Z));
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
  }

  private static double bent(double value) {
    return value > 0.008856 ? CubeRoot.of(value) : 7.787 * value + 16.0 / 116;
  }

  /**
   * The difference of two colours in CIELAB. Hues are directions here, of length 1, so that neither
   * angles nor their cosines are needed.
   */
  static double between(double[] one, double[] other) {
    double chromas = (length(one[1], one[2]) + length(other[1], other[2])) / 2;
    double stretch = 1 + 0.5 * (1 - share(chromas));
    double a1 = one[1] * stretch;
    double a2 = other[1] * stretch;
    double chroma1 = length(a1, one[2]);
    double chroma2 = length(a2, other[2]);

    double lightness = (one[0] + other[0]) / 2 - 50;
    double weight = 1 + 0.015 * lightness * lightness / Math.sqrt(20 + lightness * lightness);
    double byLightness = (other[0] - one[0]) / weight;
    double chroma = (chroma1 + chroma2) / 2;
    double byChroma = (chroma2 - chroma1) / (1 + 0.045 * chroma);
    double rest = byLightness * byLightness + byChroma * byChroma;
    if (chroma1 == 0 || chroma2 == 0) {
      return Math.sqrt(rest);
    }

    double x1 = a1 / chroma1;
    double y1 = one[2] / chroma1;
    double x2 = a2 / chroma2;
    double y2 = other[2] / chroma2;
    double sineOfHalf = Math.copySign(length(x2 - x1, y2 - y1) / 2, x1 * y2 - x2 * y1);
    double turn = 2 * Math.sqrt(chroma1 * chroma2) * sineOfHalf;
    double middle = length(x1 + x2, y1 + y2);
    // Of opposite hues the middle is where the reference has it: a quarter turn past the first.
    boolean firstIsFirst = y1 > 0 || (y1 == 0 && x1 > 0);
    double c = middle == 0 ? (firstIsFirst ? -y1 : y1) : (x1 + x2) / middle;
    double s = middle == 0 ? (firstIsFirst ? x1 : -x1) : (y1 + y2) / middle;
    double byHue = turn / (1 + 0.015 * chroma * hueWeight(c, s));
    return Math.sqrt(Math.max(0, rest + byHue * byHue + rotation(c, s, chroma) * byChroma * byHue));
  }

  private static double hueWeight(double c, double s) {
    double c2 = c * c - s * s;
    double s2 = 2 * s * c;
    double c3 = c2 * c - s2 * s;
    double s3 = s2 * c + c2 * s;
    double c4 = c2 * c2 - s2 * s2;
    double s4 = 2 * s2 * c2;
    return 1
        - 0.17 * (c * C30 + s * S30)
        + 0.24 * c2
        + 0.32 * (c3 * C6 - s3 * S6)
        - 0.20 * (c4 * C63 + s4 * S63);
  }

  /** Turns hues of blue, around 275 degrees; from 0 to 180 its factor is below a millionth. */
  private static double rotation(double c, double s, double chroma) {
    if (s >= 0) {
      return 0;
    }
    double fromBlue = squaredAngle((1 - c * C275 - s * S275) / 2);
    double angle = Math.toRadians(60) * Math.exp(-fromBlue * WIDTH_OF_BLUE);
    return -2 * share(chroma) * Math.sin(angle);
  }

  /**
   * The square of an angle in radians, from the square of the sine of its half: the series of the
   * arcsine's square, as far as 1e-8 at 50 degrees, beyond which what is taken of it vanishes.
   */
  private static double squaredAngle(double u) {
    double sum = 0;
    for (int i = ARCSINE.length - 1; i >= 0; i--) {
      sum = u * (ARCSINE[i] + sum);
    }
    return sum;
  }

  private static double[] arcsine() {
    double[] terms = new double[9];
    double term = 4;
    for (int n = 1; n <= terms.length; n++) {
      terms[n - 1] = term;
      term *= 2.0 * n * n / ((n + 1.0) * (2 * n + 1));
    }
    return terms;
  }

  private static double share(double chroma) {
    double squared = chroma * chroma;
    double seventh = squared * squared * squared * chroma;
    return Math.sqrt(seventh / (seventh + TO_THE_7));
  }

  private static double length(double a, double b) {
    return Math.sqrt(a * a + b * b);
  }
}
