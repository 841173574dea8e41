package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A {@link FalRealtimeListener} for threads that wait for messages. It keeps a number of them; when
 * there are more, nothing further is read until one is taken or it is closed: close it before the
 * connection. Safe for use by several threads.
 */
public final class FalInbox implements FalRealtimeListener, AutoCloseable {
  private static final Object GONE = new Object();

  private final int most;
  private final Queue<Object> came = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean troubled;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param most how many messages it keeps, at least 1
   */
  public FalInbox(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("an inbox keeps at least one message");
    }
    this.most = most;
  }

  /**
   * The next message, waited for.
   *
   * @return empty if the connection ended as it should; the next message that is sent opens another
   * @throws FalException the next problem; or with {@code TIMEOUT} if nothing came, or {@code
   *     CANCELLED} after an interrupt or a close
   */
  public Optional<FalMessage> take(Duration longest) {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (came.isEmpty()) {
        if (closed) {
          throw FalException.of(Reason.CANCELLED, "the inbox is closed");
        }
        if (left <= 0) {
          throw FalException.of(Reason.TIMEOUT, "no message came within " + longest);
        }
        left = changed.awaitNanos(left);
      }
      Object next = came.remove();
      changed.signalAll();
      if (next instanceof FalException problem) {
        throw problem;
      }
      return next instanceof FalMessage message ? Optional.of(message) : Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FalException(
          Reason.CANCELLED,
          "the wait for a message was cancelled by an interrupt",
          FalException.Answer.NONE,
          null,
          interrupted);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void message(FalMessage message) {
    put(message, false);
  }

  @Override
  public void problem(FalException problem) {
    put(problem, true);
  }

  @Override
  public void disconnected() {
    lock.lock();
    try {
      if (!troubled) {
        came.add(GONE);
        changed.signalAll();
      }
      troubled = false;
    } finally {
      lock.unlock();
    }
  }

  private void put(Object one, boolean trouble) {
    lock.lock();
    try {
      while (came.size() >= most && !closed) {
        changed.awaitUninterruptibly();
      }
      if (!closed) {
        came.add(one);
        // whose end needs no second word
        troubled = trouble;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps nothing further, and lets nobody wait. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
