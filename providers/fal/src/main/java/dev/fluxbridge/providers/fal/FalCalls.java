package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The calls of one client that are under way, waited for by their threads or not. Safe for use by
 * several threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the call's own future
final class FalCalls implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Effects effects;
  private final ExecutorService callbacks;
  private final Set<FalCall> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  FalCalls(Effects effects, ExecutorService callbacks) {
    this.effects = effects;
    this.callbacks = callbacks;
  }

  /** Does it on the calling thread. */
  <T> T now(Deadline deadline, Function<FalCall, CompletableFuture<T>> work) {
    CallerThread here = new CallerThread();
    FalCall call = new FalCall(deadline, effects, here);
    opened(call);
    try {
      return here.wait(call, () -> work.apply(call));
    } finally {
      open.remove(call);
    }
  }

  /** Does it on the client's threads; ending the future in any way stops the call. */
  <T> CompletableFuture<T> later(Deadline deadline, Function<FalCall, CompletableFuture<T>> work) {
    FalCall call = new FalCall(deadline, effects, callbacks);
    opened(call);
    CompletableFuture<T> told = new CompletableFuture<>();
    call.step(
        () ->
            FalCall.begin(() -> work.apply(call))
                .whenComplete(
                    (value, failure) -> {
                      open.remove(call);
                      if (failure == null) {
                        told.complete(value);
                      } else {
                        told.completeExceptionally(FalCall.cause(failure));
                      }
                    }));
    told.whenComplete((value, failure) -> call.stop(FalCall.Stop.CANCELLED));
    return told;
  }

  private void opened(FalCall call) {
    open.add(call);
    if (closed) {
      call.stop(FalCall.Stop.CLOSED);
    }
  }

  /** Stops all of them; fal is told of none. */
  @Override
  public void close() {
    closed = true;
    open.forEach(call -> call.stop(FalCall.Stop.CLOSED));
    callbacks.shutdown();
    try {
      // so that futures are over when this is; a watcher that never returns does not hold it up
      callbacks.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
