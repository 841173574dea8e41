package dev.fluxbridge.compat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Says of each thing whether it is time to tell it again. Safe for use by several threads. */
final class Seldom {
  private final LongSupplier ticker;
  private final Duration pause;
  private final Map<Object, Long> told = new ConcurrentHashMap<>();

  /**
   * @param ticker nanoseconds since some fixed moment
   * @param pause between two times that one thing is told
   */
  Seldom(LongSupplier ticker, Duration pause) {
    this.ticker = ticker;
    this.pause = pause;
  }

  boolean isTime(Object thing) {
    long now = ticker.getAsLong();
    boolean[] time = {false};
    told.compute(
        thing,
        (same, last) -> {
          time[0] = last == null || now - last >= pause.toNanos();
          return time[0] ? Long.valueOf(now) : last;
        });
    return time[0];
  }
}
