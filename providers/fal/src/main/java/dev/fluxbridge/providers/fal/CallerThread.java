package dev.fluxbridge.providers.fal;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a blocking call: it runs the steps of its call itself, so watchers are called on
 * it, and an interrupt of it stops the call. For one call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the call's own future
final class CallerThread implements Executor {
  private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
  private @Nullable FutureTask<?> later;
  private long laterAt;

  @Override
  public void execute(Runnable step) {
    steps.add(step);
  }

  /**
   * Does this as a step after that time, unless it is taken back. For the steps of its call: there
   * is one such at a time, because a call waits for one thing at a time.
   */
  Future<?> after(Duration time, Runnable task) {
    FutureTask<?> alarm = new FutureTask<>(task, null);
    laterAt = System.nanoTime() + time.toNanos();
    later = alarm;
    return alarm;
  }

  private Runnable next() throws InterruptedException {
    FutureTask<?> alarm = later;
    if (alarm == null || alarm.isDone()) {
      return steps.take();
    }
    Runnable step = steps.poll(laterAt - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (step == null) {
      later = null;
      return alarm;
    }
    return step;
  }

  /** Does the call on this thread until it is over; an interrupt is handed on at the end. */
  <T> T wait(FalCall call, Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    call.step(
        () -> FalCall.begin(work).whenComplete((value, failure) -> end(result, value, failure)));
    boolean interrupted = false;
    while (!result.isDone()) {
      try {
        next().run();
      } catch (InterruptedException now) {
        interrupted = true;
        call.stop(FalCall.Stop.INTERRUPT);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return value(result);
  }

  private <T> void end(
      CompletableFuture<T> result, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(FalCall.cause(failure));
    }
    // whoever ended it, the thread wakes
    steps.add(() -> {});
  }

  private static <T> T value(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }
}
