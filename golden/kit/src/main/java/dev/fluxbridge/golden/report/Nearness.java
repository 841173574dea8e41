package dev.fluxbridge.golden.report;

/**
 * How near to its limit something is, so that different measures can be put in one order.
 *
 * @param label the measure for people; empty where nothing was measured
 * @param times the distance from the golden over the distance that is allowed: 0 is the same, 1 at
 *     the limit, more is outside; infinite where it failed and nothing could be measured
 */
record Nearness(String label, double times) {

  /**
   * Where less is nearer, the value over the limit. Where more is nearer and 1 is the same (SSIM,
   * overlaps), what both lack to 1; else (PSNR) the limit over the value.
   */
  static double times(double value, double limit, boolean lowerIsNearer) {
    if (lowerIsNearer) {
      return over(value, limit);
    }
    return value <= 1 && limit < 1 && limit >= 0 ? over(1 - value, 1 - limit) : over(limit, value);
  }

  private static double over(double far, double allowed) {
    if (far <= 0 || allowed == Double.POSITIVE_INFINITY) {
      return far == Double.POSITIVE_INFINITY ? 1 : 0;
    }
    return allowed <= 0 ? Double.POSITIVE_INFINITY : far / allowed;
  }

  static Nearness of(Line line) {
    Nearness worst =
        new Nearness("", line.status().bad() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    boolean measured = false;
    for (Line.Pictured picture : line.pictures()) {
      for (Line.Verdict verdict : picture.verdicts()) {
        double times = times(verdict.distance(), verdict.allowed(), verdict.lowerIsNearer());
        if (!measured || times > worst.times) {
          worst = new Nearness(verdict.label(), times);
          measured = true;
        }
      }
    }
    return measured || line.status().bad() ? worst : new Nearness("", 0);
  }

  /** As a number that JSON has, to four digits. */
  Object plainTimes() {
    return Double.isFinite(times) ? Math.round(times * 1e4) / 1e4 : "infinite";
  }
}
