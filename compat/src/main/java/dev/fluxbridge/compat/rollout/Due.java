package dev.fluxbridge.compat.rollout;

import java.time.Duration;

/** Something that is to be done now and then. Not safe for use by several threads. */
final class Due {
  private final SteadyClock clock;
  private final Duration every;
  private boolean never = true;
  private long last;

  Due(SteadyClock clock, Duration every) {
    this.clock = clock;
    this.every = every;
  }

  /** Whether it is to be done now; then it is taken as done. */
  boolean now() {
    if (!never && clock.since(last).compareTo(every) < 0) {
      return false;
    }
    never = false;
    last = clock.nanos();
    return true;
  }

  /** It is to be done the next time. */
  void again() {
    never = true;
  }
}
