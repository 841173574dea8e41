package dev.fluxbridge.golden.metrics;

/**
 * How much a person sees who flips between two pictures at the same place on a screen, pixel by
 * pixel. Stateless.
 *
 * <p>Source: Andersson and others 2020, "FLIP: a difference evaluator for alternating images"; with
 * the constants and the separated filters of the authors' flip-evaluator 1.7 for pictures of low
 * dynamic range.
 */
final class Flip {
  private static final double COLOUR_EXPONENT = 0.7;
  private static final double ROOT_OF_2 = Math.sqrt(2);
  private static final double GREATEST = greatest();

  /** Where the curve of colour differences bends, and its value there. */
  private static final double BEND = 0.4 * GREATEST;

  private static final double AT_BEND = 0.95;

  private Flip() {}

  /** Of shape (H, W), 0 (nothing is seen) to 1. */
  static float[] map(Side a, Side b) {
    FlipSight x = FlipSight.of(a);
    FlipSight y = FlipSight.of(b);
    float[] map = new float[a.width() * a.height()];
    for (int i = 0; i < map.length; i++) {
      double colour =
          colour(
              x.lightness()[i] - y.lightness()[i],
              x.redGreen()[i] - y.redGreen()[i],
              x.blueYellow()[i] - y.blueYellow()[i]);
      if (colour > 0) {
        double edge = Math.abs(x.edge()[i] - y.edge()[i]);
        double point = Math.abs(x.point()[i] - y.point()[i]);
        double feature = Math.sqrt(Math.max(edge, point) / ROOT_OF_2);
        map[i] = (float) Math.min(1, Math.pow(colour, 1 - feature));
      }
    }
    return map;
  }

  /** From differences of lightness and two opponent colours to 0 to 1. */
  private static double colour(double lightness, double redGreen, double blueYellow) {
    double bent = bent(lightness, redGreen, blueYellow);
    return bent < BEND
        ? bent * AT_BEND / BEND
        : AT_BEND + (bent - BEND) / (GREATEST - BEND) * (1 - AT_BEND);
  }

  private static double bent(double lightness, double redGreen, double blueYellow) {
    double chroma = Math.sqrt(redGreen * redGreen + blueYellow * blueYellow);
    return Math.pow(Math.abs(lightness) + chroma, COLOUR_EXPONENT);
  }

  /** That of pure green and pure blue. */
  private static double greatest() {
    double[] green = new double[3];
    double[] blue = new double[3];
    FlipSight.see(0, 1, 0, green);
    FlipSight.see(0, 0, 1, blue);
    return bent(green[0] - blue[0], green[1] - blue[1], green[2] - blue[2]);
  }
}
