package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Retry.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one loop that does something again: until it is done, the tries are used up, the next wait
 * would end too late, or the call is stopped. It keeps no thread while it waits. For one call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends its own future
final class FalLoop<T> {
  private final CompletableFuture<T> done = new CompletableFuture<>();
  private final Retry retry;
  private final FalCall call;
  private final String what;
  private final @Nullable FalHandle handle;
  private final Attempt<T> attempt;
  private int tried;

  /** What may be done more than once; it says each time whether that is safe. */
  @FunctionalInterface
  interface Attempt<T> {
    CompletableFuture<Outcome<T, FalException>> run();
  }

  private FalLoop(
      Retry retry, FalCall call, String what, @Nullable FalHandle handle, Attempt<T> attempt) {
    this.retry = retry;
    this.call = call;
    this.what = what;
    this.handle = handle;
    this.attempt = attempt;
  }

  /**
   * Does it.
   *
   * @param what in words, for when the call is stopped between two tries
   * @param handle the request that it is about, if there is one
   */
  static <T> CompletableFuture<T> run(
      Retry retry, FalCall call, String what, @Nullable FalHandle handle, Attempt<T> attempt) {
    FalLoop<T> loop = new FalLoop<>(retry, call, what, handle, attempt);
    loop.next();
    return loop.done;
  }

  private void next() {
    Optional<FalCall.Stop> stop = call.stopped();
    if (stop.isPresent()) {
      done.completeExceptionally(
          new FalException(
              Reason.CANCELLED,
              what + " " + stop.get().how(),
              FalException.Answer.NONE,
              handle == null ? null : handle.requestId(),
              null));
      return;
    }
    tried++;
    FalCall.begin(attempt::run).whenComplete(this::judge);
  }

  private void judge(@Nullable Outcome<T, FalException> outcome, @Nullable Throwable failure) {
    if (failure != null) {
      done.completeExceptionally(FalCall.cause(failure));
    } else if (outcome instanceof Outcome.Done<T, FalException> good) {
      done.complete(good.value());
    } else if (outcome instanceof Outcome.Again<T, FalException> again) {
      Optional<Duration> wait = retry.next(tried, again.after(), call.deadline(), call.effects());
      if (wait.isEmpty()) {
        done.completeExceptionally(again.failure());
      } else {
        call.pause(wait.get()).thenRun(this::next);
      }
    }
  }
}
