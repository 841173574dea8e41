package dev.fluxbridge.golden;

/**
 * A golden: what somebody looked at and approved, with the call that drew it, where it came from
 * and how far from it others may be. Immutable as long as nobody writes to the arrays.
 *
 * @param drawn the pictures or latents
 * @param call what was asked for
 * @param origin where it came from
 * @param limits that were learned for it or set in its file; {@link Limits#NONE} where the defaults
 *     hold
 * @param anyRoad whether those limits also hold for what other roads drew
 */
public record Approved(Drawn drawn, Call call, Origin origin, Limits limits, boolean anyRoad) {
  /** The version of golden.json that this code writes, and the only one that it reads. */
  public static final int SCHEMA = 1;

  /** Without limits of its own. */
  public Approved(Drawn drawn, Call call, Origin origin) {
    this(drawn, call, origin, Limits.NONE, false);
  }

  /** The same with other limits. */
  Approved with(Limits others, boolean forAnyRoad) {
    return new Approved(drawn, call, origin, others, forAnyRoad);
  }
}
