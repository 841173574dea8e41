package dev.fluxbridge.compat.rollout;

/**
 * How much is too much.
 *
 * @param value the limit, or by what a reference is multiplied
 * @param relative whether it is a multiple of what the old road does
 */
public record Limit(double value, boolean relative) {

  /**
   * The limit in the unit of what is measured.
   *
   * @param reference what the old road does
   */
  double of(double reference) {
    return relative ? value * reference : value;
  }
}
