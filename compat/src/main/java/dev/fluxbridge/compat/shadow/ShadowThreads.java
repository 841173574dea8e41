package dev.fluxbridge.compat.shadow;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which shadows draw: a few, of the lowest priority, that keep no program from
 * ending. Nothing waits in line. What runs too long is interrupted, and loses its place whether it
 * ends or not. Safe for use by several threads.
 */
final class ShadowThreads implements AutoCloseable {
  /** So many may go on after their interrupt before no more are begun. */
  private static final int MOST_STUCK = 8;

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger stuck = new AtomicInteger();
  private final ThreadPoolExecutor drawing =
      new ThreadPoolExecutor(
          0,
          ShadowReader.MOST_IN_FLIGHT + MOST_STUCK,
          1,
          TimeUnit.MINUTES,
          new SynchronousQueue<>(),
          quiet("fluxbridge-shadow"));
  private final ScheduledThreadPoolExecutor cuttingOff =
      new ScheduledThreadPoolExecutor(1, quiet("fluxbridge-shadow-deadline"));

  ShadowThreads() {
    cuttingOff.setRemoveOnCancelPolicy(true);
  }

  @SuppressWarnings("ThreadPriorityCheck") // A hint to systems that take one; nothing relies on it.
  private static ThreadFactory quiet(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      thread.setPriority(Thread.MIN_PRIORITY);
      return thread;
    };
  }

  boolean manyStuck() {
    return stuck.get() >= MOST_STUCK;
  }

  boolean closed() {
    return drawing.isShutdown();
  }

  /**
   * Begins something, if there is a place for it. Does not wait.
   *
   * @param most that may run at once
   * @return whether it begins
   */
  boolean begin(int most, Duration deadline, Runnable work) {
    if (inFlight.incrementAndGet() > most) {
      inFlight.decrementAndGet();
      return false;
    }
    try {
      drawing.execute(() -> new Place(work, deadline).run());
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // The latter where the system gives no more threads: not the caller's concern.
      inFlight.decrementAndGet();
      return false;
    }
  }

  /** Interrupts what runs, and waits a moment for it to end. */
  @Override
  public void close() {
    cuttingOff.shutdownNow();
    drawing.shutdownNow();
    try {
      boolean unused = drawing.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One place, given back once. */
  private final class Place {
    private final Runnable work;
    private final Duration deadline;
    private @Nullable Thread thread;
    private boolean cut;

    Place(Runnable work, Duration deadline) {
      this.work = work;
      this.deadline = deadline;
    }

    void run() {
      thread = Thread.currentThread();
      ScheduledFuture<?> end = null;
      try {
        end = cuttingOff.schedule(this::cutOff, deadline.toMillis(), TimeUnit.MILLISECONDS);
        work.run();
      } catch (RejectedExecutionException closing) {
        // it was begun as everything ends
      } finally {
        if (end != null) {
          end.cancel(false);
        }
        ended();
      }
    }

    private synchronized void cutOff() {
      if (thread != null) {
        cut = true;
        stuck.incrementAndGet();
        inFlight.decrementAndGet();
        thread.interrupt();
      }
    }

    private synchronized void ended() {
      thread = null;
      // of this work, and not for the next one
      boolean unused = Thread.interrupted();
      (cut ? stuck : inFlight).decrementAndGet();
    }
  }
}
