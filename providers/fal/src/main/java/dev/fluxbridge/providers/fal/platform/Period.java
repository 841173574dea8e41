package dev.fluxbridge.providers.fal.platform;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time. Both ends are always sent: with fal's own default, "until now", the pages of
 * one list would move under the reader.
 *
 * @param start the first moment
 * @param end the first moment after it
 */
public record Period(Instant start, Instant end) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the end is not after the start
   */
  public Period {
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "a period must end after its start: " + start + ", " + end);
    }
  }

  /** The time up to now, which is fixed here and now. */
  public static Period last(Duration length) {
    Instant now = Instant.now();
    return new Period(now.minus(length), now);
  }
}
