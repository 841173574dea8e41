package dev.fluxbridge.providers.fal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a request is. There is no "failed": a failed request is completed, and its result says
 * why.
 *
 * @param state where it is
 * @param queuePosition requests ahead of it, while it waits and fal says so
 * @param inferenceTime how long it was computed, once it is done and fal says so
 * @param error the platform's text about a failure
 * @param errorType the platform's name of a failure
 * @param logs lines of the endpoint, where they were asked for: the latest ones, not all
 */
public record FalStatus(
    State state,
    OptionalInt queuePosition,
    Optional<Duration> inferenceTime,
    Optional<String> error,
    Optional<String> errorType,
    List<FalLog> logs) {

  public FalStatus {
    logs = List.copyOf(logs);
  }

  /** Where a request is. */
  public enum State {
    /** It waits for a runner. */
    IN_QUEUE,
    /** It is being computed. */
    IN_PROGRESS,
    /** It is over, one way or the other. */
    COMPLETED,
    /** Something that this client does not know: still pending. */
    UNKNOWN
  }

  /** Tells where it is, and nothing of what the endpoint wrote. */
  @Override
  public String toString() {
    return "FalStatus["
        + state
        + (queuePosition.isPresent() ? ", " + queuePosition.getAsInt() + " ahead" : "")
        + errorType.map(type -> ", " + type).orElse("")
        + (logs.isEmpty() ? "" : ", " + logs.size() + " lines")
        + "]";
  }
}
