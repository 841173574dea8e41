package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.EventStream;
import dev.fluxbridge.providers.http.Exchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call under way: until when, where its steps run, and how it is stopped. It waits for one
 * thing at a time, and no thread waits with it.
 *
 * <p>Only {@link #stop} may come from other threads than those that run its steps.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the call's own future
final class FalCall {
  private final Deadline deadline;
  private final Effects effects;
  private final Executor steps;

  private @Nullable Stop stopped;
  private @Nullable Waiting waiting;

  FalCall(Deadline deadline, Effects effects, Executor steps) {
    this.deadline = deadline;
    this.effects = effects;
    this.steps = steps;
  }

  /**
   * Why a call is stopped.
   *
   * @param how for a message, for example {@code was cancelled by an interrupt}
   * @param letSubmitsFinish whether a submit that is under way is waited for, so that its id is
   *     known: for when nobody else would learn that it was accepted
   * @param tellFal whether fal may be told to stop, too
   */
  record Stop(String how, boolean letSubmitsFinish, boolean tellFal) {
    static final Stop INTERRUPT = new Stop("was cancelled by an interrupt", false, true);
    static final Stop CANCELLED = new Stop("was cancelled", true, true);
    static final Stop CLOSED = new Stop("ended because the client was closed", false, false);
  }

  /** What the call waits for: how to end that, and whether it is a submit. */
  private record Waiting(Consumer<Stop> end, boolean submit) {}

  Deadline deadline() {
    return deadline;
  }

  Effects effects() {
    return effects;
  }

  /** The caller's thread, where it waits and can do the exchanges itself. */
  Optional<CallerThread> lent() {
    return steps instanceof CallerThread here ? Optional.of(here) : Optional.empty();
  }

  /** A call of its own with the same steps, for tidying up after this one. */
  FalCall after(Deadline until) {
    return new FalCall(until, effects, steps);
  }

  /** Why it was stopped; empty while it goes on. */
  synchronized Optional<Stop> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** Ends what it waits for; the first reason counts. */
  void stop(Stop why) {
    Waiting ending;
    synchronized (this) {
      if (stopped != null) {
        return;
      }
      stopped = why;
      ending = waiting;
    }
    end(ending, why);
  }

  private static void end(@Nullable Waiting waiting, Stop why) {
    if (waiting != null && !(waiting.submit && why.letSubmitsFinish)) {
      waiting.end.accept(why);
    }
  }

  private void waitingFor(Waiting next) {
    Stop why;
    synchronized (this) {
      waiting = next;
      why = stopped;
    }
    if (why != null) {
      end(next, why);
    }
  }

  /** What comes of an exchange, as a step of this call. */
  <T> CompletableFuture<T> follow(Exchange<T> exchange, boolean submit) {
    CompletableFuture<T> step = new CompletableFuture<>();
    waitingFor(new Waiting(why -> exchange.cancel(why.how()), submit));
    exchange
        .future()
        .whenComplete(
            (value, failure) ->
                step(
                    () -> {
                      if (failure == null) {
                        step.complete(value);
                      } else {
                        step.completeExceptionally(failure);
                      }
                    }));
    return step;
  }

  /** Closes this stream when the call is stopped. */
  void closing(EventStream stream) {
    waitingFor(new Waiting(why -> stream.close(), false));
  }

  /** Goes on after this time, or as soon as the call is stopped. */
  CompletableFuture<Void> pause(Duration time) {
    CompletableFuture<Void> step = new CompletableFuture<>();
    Runnable go = () -> step(() -> step.complete(null));
    Optional<CallerThread> here = effects.realTime() ? lent() : Optional.empty();
    Future<?> alarm =
        here.<Future<?>>map(thread -> thread.after(time, go))
            .orElseGet(() -> effects.alarm().after(time, go));
    waitingFor(
        new Waiting(
            why -> {
              alarm.cancel(false);
              go.run();
            },
            false));
    return step;
  }

  /** Does this where the steps of the call run. */
  void step(Runnable work) {
    try {
      steps.execute(work);
    } catch (RejectedExecutionException closed) {
      // the client is closed, and somebody still waits for the end of the call
      work.run();
    }
  }

  /** Begins something whose every failure shall be in its future. */
  static <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** What really failed, without the wrapping of futures. */
  static Throwable cause(Throwable failure) {
    Throwable at = failure;
    while (at instanceof CompletionException && at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
