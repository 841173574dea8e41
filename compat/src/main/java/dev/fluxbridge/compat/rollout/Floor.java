package dev.fluxbridge.compat.rollout;

/**
 * How far pictures of the old road are apart that were asked for twice: what is closer than that is
 * no difference. Over the last thirty days.
 *
 * @param count how many repeated runs it was learned from; with none the others are 0
 * @param p50 the distance that half of them stay below
 * @param p95 the distance that nineteen of twenty stay below
 */
public record Floor(long count, double p50, double p95) {
  /** Nothing was repeated yet. */
  public static final Floor NONE = new Floor(0, 0, 0);
}
