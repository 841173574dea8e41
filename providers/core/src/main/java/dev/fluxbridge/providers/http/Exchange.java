package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * One exchange under way. Safe for use by several threads.
 *
 * @param <T> what the answer is read into
 */
@SuppressWarnings("FutureReturnValueIgnored") // its own future tells all
public final class Exchange<T> {
  static final String INTERRUPTED = "was cancelled by an interrupt of the calling thread";

  private final String label;
  private final Call call;
  private final Delivery delivery;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private volatile @Nullable HttpReply head;
  private volatile boolean ending;

  Exchange(String label, Call call, Delivery delivery) {
    this.label = label;
    this.call = call;
    this.delivery = delivery;
  }

  /**
   * What comes of it: the answer, or an {@link HttpException}. It is completed on one of the
   * transport's few threads, so nothing that blocks may follow it there. Cancelling this future
   * alone does not end the exchange; {@link #cancel} does.
   */
  public CompletableFuture<T> future() {
    return future;
  }

  /**
   * Ends it at once, unless it is over. The future then fails with an {@link HttpException} of kind
   * {@code CANCELLED}, which says whether the server may know of it.
   *
   * @param how for its message, for example {@code was cancelled}
   */
  public void cancel(String how) {
    cancel(how, null);
  }

  private void cancel(String how, @Nullable Throwable cause) {
    end(HttpException.Kind.CANCELLED, how, cause);
  }

  private void end(HttpException.Kind kind, String how, @Nullable Throwable cause) {
    // what the reader meets once the socket is shut is no reason of its own
    ending = true;
    // Once cancelled, the socket is shut or will never be opened: what has not left stays here.
    call.cancel();
    future.completeExceptionally(
        new HttpException(kind, delivery.begun(), label + " " + how, head, cause));
  }

  /** For a thread that was interrupted before anything began. */
  static HttpException interrupted(String label) {
    return new HttpException(
        HttpException.Kind.CANCELLED, false, label + " " + INTERRUPTED, null, null);
  }

  /** Waits for the answer; an interrupt cancels the exchange and is handed on. */
  T await() throws HttpException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException now) {
          interrupted = true;
          cancel(INTERRUPTED, now);
        }
      }
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof HttpException known) {
        throw known;
      }
      if (failure.getCause() instanceof RuntimeException defect) {
        throw defect;
      }
      throw new IllegalStateException(failure.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  String label() {
    return label;
  }

  /** Whether a byte of the request may have left. */
  boolean begun() {
    return delivery.begun();
  }

  /** Status and headers of the answer, once they are here. */
  @Nullable HttpReply head() {
    return head;
  }

  void began(HttpReply answer) {
    head = answer;
  }

  void succeed(T result) {
    future.complete(result);
  }

  /** Says what it failed of, unless somebody ended it and says so. */
  void fail(Throwable failure) {
    if (!ending) {
      future.completeExceptionally(failure);
    }
  }

  /** Ends it at that time at the latest, whatever keeps it. */
  void endAfter(Duration limit) {
    var alarm = Effects.Alarm.system().after(limit, this::timeUp);
    future.whenComplete((result, failure) -> alarm.cancel(false));
  }

  /** Ends it now, because it took too long. */
  void timeUp() {
    String half = head == null ? "" : " to send its whole answer";
    end(HttpException.Kind.TIMED_OUT, "took too long" + half, null);
  }
}
