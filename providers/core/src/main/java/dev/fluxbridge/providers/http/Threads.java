package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes pools of daemon threads that start no thread while one is idle, and never too many. */
public final class Threads {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private Threads() {}

  /**
   * A pool of this many threads at most; further work waits for its turn. A thread without work
   * ends after a while.
   *
   * @param name what its threads are called
   * @param most at least 1
   */
  public static ThreadPoolExecutor upTo(int most, String name) {
    return new ThreadPoolExecutor(
        0,
        most,
        IDLE.toNanos(),
        TimeUnit.NANOSECONDS,
        new Handover(),
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        },
        (work, pool) -> {
          if (pool.isShutdown()) {
            throw new RejectedExecutionException("closed");
          }
          // every thread there may be is busy, so one of them will come for it
          pool.getQueue().add(work);
        });
  }

  /** Takes work only for a thread that waits for it, so that the pool starts another first. */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable work) {
      return tryTransfer(work);
    }

    @Override
    public boolean add(Runnable work) {
      return super.offer(work);
    }
  }
}
