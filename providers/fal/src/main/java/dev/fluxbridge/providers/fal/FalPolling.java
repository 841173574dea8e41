package dev.fluxbridge.providers.fal;

import java.time.Duration;

/**
 * How often the queue is asked: at first often, then less.
 *
 * @param first the first wait
 * @param longest what the waits grow to, by half each time
 */
public record FalPolling(Duration first, Duration longest) {

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

  /** The wait that follows this one. */
  Duration after(Duration wait) {
    Duration grown = wait.plus(wait.dividedBy(2));
    return grown.compareTo(longest) > 0 ? longest : grown;
  }
}
