package dev.fluxbridge.compat.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The time of day, never going back. It reads the wall clock once and goes on with the machine's
 * monotonic clock, so that a wall clock that is set back freezes no window and repeats no hour of a
 * budget. Where the wall clock runs ahead of it by more than a second (the machine slept, or the
 * clock was set right), it steps forward. Safe for use by several threads.
 *
 * <p>It cannot tell a clock that was set wrong from one that was set right: a step far ahead and
 * back again leaves this process ahead until it is started anew.
 */
public final class SteadyClock {
  private static final Duration TOLERATED = Duration.ofSeconds(1);

  private final LongSupplier ticker;
  private final Supplier<Instant> wall;
  private Instant anchor;
  private long anchoredAt;

  /**
   * @param ticker nanoseconds since some fixed moment, never going back
   * @param wall the time of day, which may jump
   */
  public SteadyClock(LongSupplier ticker, Supplier<Instant> wall) {
    this.ticker = ticker;
    this.wall = wall;
    this.anchor = wall.get();
    this.anchoredAt = ticker.getAsLong();
  }

  /** That of this machine. */
  public static SteadyClock system() {
    return new SteadyClock(System::nanoTime, Instant::now);
  }

  /** Nanoseconds since some fixed moment. */
  public long nanos() {
    return ticker.getAsLong();
  }

  /** The time of day: at least what it said before. */
  public synchronized Instant now() {
    long passed = ticker.getAsLong() - anchoredAt;
    Instant steady = anchor.plusNanos(passed);
    Instant shown = wall.get();
    if (shown.isAfter(steady.plus(TOLERATED))) {
      anchor = shown;
      anchoredAt += passed;
      return shown;
    }
    return steady;
  }

  /** How long ago a reading of {@link #nanos()} was. */
  Duration since(long nanos) {
    return Duration.of(ticker.getAsLong() - nanos, TimeUnit.NANOSECONDS.toChronoUnit());
  }
}
