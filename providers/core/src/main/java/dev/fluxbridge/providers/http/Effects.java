package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Time and chance, passed in so that a test can replace them. The system's own are safe for use by
 * several threads.
 *
 * @param ticker reads a clock that never goes back
 * @param pause waits
 * @param alarm does something later
 * @param random spreads retries, so that many callers do not return at the same moment
 */
public record Effects(Ticker ticker, Pause pause, Alarm alarm, RandomGenerator random) {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final ScheduledThreadPoolExecutor TIMER = timer();
  private static final Alarm BY_TIMER =
      (time, task) -> TIMER.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);

  /** Alarms that go off by this pause, on the thread that sets them: for a test's own time. */
  public Effects(Ticker ticker, Pause pause, RandomGenerator random) {
    this(ticker, pause, Alarm.over(pause), random);
  }

  /**
   * Whether alarms go off by the system's time, so that a thread may as well wait for it itself.
   */
  public boolean realTime() {
    return alarm == BY_TIMER;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "fluxbridge-timer");
              thread.setDaemon(true);
              return thread;
            });
    // most alarms are taken back: they must not pile up until their time
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE.toNanos(), TimeUnit.NANOSECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

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

  /** Does something later. */
  @FunctionalInterface
  public interface Alarm {
    /**
     * Does it after this time.
     *
     * @param task what to do; it must not block, because all alarms share one thread
     * @return takes it back when it is cancelled
     */
    Future<?> after(Duration time, Runnable task);

    /** By the one timer of this process. */
    static Alarm system() {
      return BY_TIMER;
    }

    /** Pauses and does it, on the same thread; not at all if that is interrupted. */
    static Alarm over(Pause pause) {
      return (time, task) -> {
        try {
          pause.pause(time);
          task.run();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
        return CompletableFuture.completedFuture(null);
      };
    }
  }

  /** The real ones. */
  public static Effects system() {
    return new Effects(
        Ticker.system(),
        Pause.system(),
        Alarm.system(),
        () -> ThreadLocalRandom.current().nextLong());
  }
}
