package dev.fluxbridge.compat.shadow;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One way in which a shadow was not as what was served. Immutable; holds no prompt.
 *
 * @param kind in what
 * @param detail of failures the reason, such as {@code UNSUPPORTED}; else blank
 * @param value of distances the distance; else 0
 * @param text in words for people
 */
public record Difference(Kind kind, String detail, double value, String text) {

  /** All of them in words for people. */
  static String texts(List<Difference> differences) {
    return differences.stream().map(Difference::text).collect(Collectors.joining("; "));
  }

  /** In what two roads can differ. */
  public enum Kind {
    /** The shadow failed, and what was served did not. */
    FAILURE,
    /** What was to be served failed, and the shadow did not. */
    SERVED_FAILURE,
    /** Another number of pictures. */
    COUNT,
    /** A picture of another size. */
    SIZE,
    /** A picture that cannot be decoded. */
    DECODES,
    /** The safety check marked other pictures. */
    FLAGGED,
    /** The shadow changed clearly more of the pixels that a mask protects. */
    MASK,
    /** The shadow cost more than what was served, where both are billed. */
    COST,
    /** The pictures are further apart than the limit. */
    DISTANCE;

    /** The name in keys and records, for example {@code served-failure}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
