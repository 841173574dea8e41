package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.providers.ImageRequest;

/** Says of a difference that it is known and no mismatch. Safe for use by several threads. */
@FunctionalInterface
public interface KnownDifference {

  /**
   * Whether this one is known.
   *
   * @param request what both roads were asked
   * @param difference one of those that the comparison found
   */
  boolean covers(ImageRequest request, Comparison comparison, Difference difference);
}
