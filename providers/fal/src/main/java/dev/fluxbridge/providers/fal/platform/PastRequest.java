package dev.fluxbridge.providers.fal.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that was made.
 *
 * @param requestId fal's id of it
 * @param endpointId what it was made to
 * @param sent when it was handed to a runner
 * @param started when the work began
 * @param ended when it was over
 * @param status the HTTP status that it ended with
 * @param duration how long it took in all
 * @param input what went in, as JSON, where it was asked for
 * @param output what came out, as JSON, where it was asked for
 */
public record PastRequest(
    String requestId,
    Optional<String> endpointId,
    Optional<Instant> sent,
    Optional<Instant> started,
    Optional<Instant> ended,
    OptionalInt status,
    Optional<Duration> duration,
    Optional<String> input,
    Optional<String> output) {

  /** Tells ids and status, and nothing of what went in or came out. */
  @Override
  public String toString() {
    return "PastRequest["
        + requestId
        + endpointId.map(id -> " of " + id).orElse("")
        + (status.isPresent() ? ", " + status.getAsInt() : "")
        + "]";
  }
}
