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

  /** The same before the exponent is applied, and the logarithm of what lies between the two. */
  private static final double UNBENT_BEND = Math.pow(BEND, 1 / COLOUR_EXPONENT);

  private static final double LOG_RISE = Math.log(AT_BEND / BEND);

  private Flip() {}

  /** Of shape (H, W), 0 (nothing is seen) to 1. */
  static float[] map(Side a, Side b) {
    FlipSight x = FlipSight.of(a);
    FlipSight y = FlipSight.of(b);
    float[] map = new float[a.width() * a.height()];
    for (int i = 0; i < map.length; i++) {
      double difference =
          difference(
              x.lightness()[i] - y.lightness()[i],
              x.redGreen()[i] - y.redGreen()[i],
              x.blueYellow()[i] - y.blueYellow()[i]);
      if (difference > 0) {
        double edge = Math.abs(x.edge()[i] - y.edge()[i]);
        double point = Math.abs(x.point()[i] - y.point()[i]);
        double feature = Math.sqrt(Math.max(edge, point) / ROOT_OF_2);
        map[i] = (float) Math.min(1, Math.exp((1 - feature) * logColour(difference)));
      }
    }
    return map;
  }

  /** The logarithm of a colour's part, above 0 to 1: two powers in a row are one of these. */
  private static double logColour(double difference) {
    double bent = COLOUR_EXPONENT * Math.log(difference);
    return difference < UNBENT_BEND
        ? bent + LOG_RISE
        : Math.log(AT_BEND + (Math.exp(bent) - BEND) / (GREATEST - BEND) * (1 - AT_BEND));
  }

  /** Of two colours, by lightness and two opponent colours. */
  private static double difference(double lightness, double redGreen, double blueYellow) {
    return Math.abs(lightness) + Math.sqrt(redGreen * redGreen + blueYellow * blueYellow);
  }

  /** That of pure green and pure blue. */
  private static double greatest() {
    double[] green = new double[3];
    double[] blue = new double[3];
    FlipSight.see(0, 1, 0, green);
    FlipSight.see(0, 0, 1, blue);
    return Math.pow(
        difference(green[0] - blue[0], green[1] - blue[1], green[2] - blue[2]), COLOUR_EXPONENT);
  }
}
