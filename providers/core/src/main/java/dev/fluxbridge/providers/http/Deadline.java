package dev.fluxbridge.providers.http;

import java.time.Duration;

/**
 * The moment by which a whole call must be done. Immutable.
 *
 * @param ticker the clock that it is read on
 * @param atNanos the moment on that clock
 */
public record Deadline(Effects.Ticker ticker, long atNanos) {

  /** So long from now. */
  public static Deadline in(Duration time, Effects effects) {
    return new Deadline(effects.ticker(), effects.ticker().nanos() + time.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, atNanos - ticker.nanos()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return left().isZero();
  }
}
