package dev.fluxbridge.compat.rollout;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether the store is gone, since when, and when it is tried again: after one second, two, four,
 * then every five. Not safe for use by several threads.
 */
final class Outage {
  /** So often somebody else may hold the lock before that counts as gone. */
  private static final int BUSY_TIMES = 3;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final SteadyClock clock;
  private boolean lost;
  private long since;
  private long triedAt;
  private Duration pause = Duration.ZERO;
  private int busyTimes;

  Outage(SteadyClock clock) {
    this.clock = clock;
  }

  boolean lost() {
    return lost;
  }

  /** Whether it is too early to try again. */
  boolean waits() {
    return lost && clock.since(triedAt).compareTo(pause) < 0;
  }

  /**
   * It did not answer.
   *
   * @param busy only because somebody else held it
   * @return whether it is gone, and was not before
   */
  boolean begins(boolean busy) {
    triedAt = clock.nanos();
    Duration longer = pause.isZero() ? Duration.ofMillis(900) : pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    busyTimes++;
    if (lost || (busy && busyTimes < BUSY_TIMES)) {
      return false;
    }
    lost = true;
    since = triedAt;
    return true;
  }

  /** It answered: how long it was gone, if it was. */
  Optional<Duration> over() {
    busyTimes = 0;
    pause = Duration.ZERO;
    if (!lost) {
      return Optional.empty();
    }
    lost = false;
    return Optional.of(clock.since(since));
  }

  /** Another store: nothing is known of it. */
  void forget() {
    lost = false;
    busyTimes = 0;
    pause = Duration.ZERO;
  }
}
