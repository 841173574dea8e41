package dev.fluxbridge.providers.fal.image;

/**
 * The numbers that a field takes.
 *
 * @param least the smallest
 * @param most the largest
 */
record Range(double least, double most) {

  boolean has(double value) {
    return value >= least && value <= most;
  }

  /** The number to send in place of this one. */
  double nearest(double value) {
    return Math.max(least, Math.min(most, value));
  }

  /** For example {@code 1 to 50}. */
  @Override
  public String toString() {
    return text(least) + " to " + text(most);
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
