package dev.fluxbridge.providers.fal;

import java.time.Duration;

/**
 * How a request is watched: it is asked for, at first often, then less.
 *
 * @param first the first wait
 * @param longest what the waits grow to, by half each time
 * @param listening whether fal's own telling is listened to first, which fal calls experimental.
 *     Each that is listened to keeps a thread, so only three at a time are; the others, and those
 *     whose stream ends early, are asked for
 */
public record FalPolling(Duration first, Duration longest, boolean listening) {

  /** From 300 ms to 3 s. */
  public static final FalPolling DEFAULT =
      new FalPolling(Duration.ofMillis(300), Duration.ofSeconds(3));

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException unless 0 &lt; first &lt;= longest
   */
  public FalPolling {
    if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("0 < first <= longest");
    }
  }

  /** Asking only. */
  public FalPolling(Duration first, Duration longest) {
    this(first, longest, false);
  }

  /** The same, listening first or not. */
  public FalPolling withListening(boolean other) {
    return new FalPolling(first, longest, other);
  }

  /** The wait that follows this one. */
  Duration after(Duration wait) {
    Duration grown = wait.plus(wait.dividedBy(2));
    return grown.compareTo(longest) > 0 ? longest : grown;
  }
}
