package dev.fluxbridge.compat.rollout;

import java.time.Duration;
import java.time.Instant;

/** Time that passes when a test says so, and a wall clock that can be set wrong. */
final class FakeTime {
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private long nanos;
  private Duration wallOff = Duration.ZERO;

  SteadyClock clock() {
    return new SteadyClock(this::nanos, this::wall);
  }

  private synchronized long nanos() {
    return nanos;
  }

  synchronized Instant wall() {
    return START.plusNanos(nanos).plus(wallOff);
  }

  synchronized void passes(Duration time) {
    nanos += time.toNanos();
  }

  synchronized Duration passed() {
    return Duration.ofNanos(nanos);
  }

  synchronized void wallJumps(Duration by) {
    wallOff = wallOff.plus(by);
  }
}
