package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.Optional;

/**
 * When to try again, as data, and the loop that does it for a caller who waits.
 *
 * <p>It does not know what is safe to repeat: the attempt says so, each time.
 *
 * @param attempts tries in all, at least 1
 * @param base the first wait, doubled for each further one
 * @param cap the longest wait of its own; a server that asks for more gets it
 * @param jitter how far a wait may be off, as a share of it, 0 to 1
 */
public record Retry(int attempts, Duration base, Duration cap, double jitter) {

  /** One try. */
  public static final Retry NONE = new Retry(1, Duration.ZERO, Duration.ZERO, 0);

  /** Six tries: after about a half, 1, 2, 4 and 8 seconds. */
  public static final Retry DEFAULT =
      new Retry(6, Duration.ofMillis(500), Duration.ofSeconds(20), 0.25);

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Retry {
    if (attempts < 1 || base.isNegative() || cap.compareTo(base) < 0 || jitter < 0 || jitter > 1) {
      throw new IllegalArgumentException("attempts >= 1, 0 <= base <= cap, jitter from 0 to 1");
    }
  }

  /** What one attempt came to. */
  public sealed interface Outcome<T, X extends Exception> {
    /** Good. */
    record Done<T, X extends Exception>(T value) implements Outcome<T, X> {}

    /**
     * Not good, and safe to try again.
     *
     * @param failure what to throw when there is no further try
     * @param after how long the server asks to wait
     */
    record Again<T, X extends Exception>(X failure, Optional<Duration> after)
        implements Outcome<T, X> {}
  }

  /** Something that may be done more than once. */
  @FunctionalInterface
  public interface Attempt<T, X extends Exception> {
    /**
     * Does it once.
     *
     * @throws X what must not be tried again
     */
    Outcome<T, X> run() throws X;
  }

  /**
   * Tries until it is done, the tries are used up, or the next wait would end after the deadline.
   *
   * @throws X the last attempt's failure, or what an attempt threw
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public <T, X extends Exception> T run(Deadline deadline, Effects effects, Attempt<T, X> attempt)
      throws X, InterruptedException {
    for (int tried = 1; ; tried++) {
      Outcome<T, X> outcome = attempt.run();
      if (outcome instanceof Outcome.Done<T, X> done) {
        return done.value();
      }
      Outcome.Again<T, X> again = (Outcome.Again<T, X>) outcome;
      Optional<Duration> wait = next(tried, again.after(), deadline, effects);
      if (wait.isEmpty()) {
        throw again.failure();
      }
      effects.pause().pause(wait.get());
    }
  }

  /**
   * How long to wait before the next try; empty if there is none, because the tries are used up or
   * the wait would end after the deadline.
   *
   * @param tried tries so far, at least 1
   * @param asked how long the server asks to wait
   */
  public Optional<Duration> next(
      int tried, Optional<Duration> asked, Deadline deadline, Effects effects) {
    Duration own = delay(tried, effects.random().nextDouble());
    Duration wait = asked.filter(longer -> longer.compareTo(own) > 0).orElse(own);
    return tried >= attempts || wait.compareTo(deadline.left()) >= 0
        ? Optional.empty()
        : Optional.of(wait);
  }

  /**
   * The wait after so many tries.
   *
   * @param tried at least 1
   * @param chance 0 to 1
   */
  Duration delay(int tried, double chance) {
    double doubled = base.toNanos() * Math.pow(2, tried - 1);
    double capped = Math.min(doubled, (double) cap.toNanos());
    return Duration.ofNanos((long) (capped * (1 + jitter * (2 * chance - 1))));
  }
}
