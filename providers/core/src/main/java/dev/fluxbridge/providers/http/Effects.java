package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Time and chance, passed in so that a test can replace them. The system's own are safe for use by
 * several threads.
 *
 * @param ticker reads a clock that never goes back
 * @param pause waits
 * @param random spreads retries, so that many callers do not return at the same moment
 */
public record Effects(Ticker ticker, Pause pause, RandomGenerator random) {

  /** Nanoseconds since some fixed moment. */
  @FunctionalInterface
  public interface Ticker {
    /** The clock's reading. */
    long nanos();

    /** The system's monotonic clock. */
    static Ticker system() {
      return System::nanoTime;
    }
  }

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    /**
     * Returns after this time.
     *
     * @throws InterruptedException as soon as the waiting thread is interrupted
     */
    void pause(Duration time) throws InterruptedException;

    /** Really waits. */
    static Pause system() {
      return time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
  }

  /** The real ones. */
  public static Effects system() {
    return new Effects(
        Ticker.system(), Pause.system(), () -> ThreadLocalRandom.current().nextLong());
  }
}
