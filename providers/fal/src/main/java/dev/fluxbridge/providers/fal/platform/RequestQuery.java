package dev.fluxbridge.providers.fal.platform;

import java.util.List;
import java.util.Optional;

/**
 * Which past requests to list. Immutable.
 *
 * @param endpointIds of these, 1 to 50
 * @param period when; empty only together with a request id, which is looked for in 90 days
 * @param outcome how they ended; empty means all
 * @param requestId this one alone
 * @param payloads whether input and output come along
 * @param longestFirst by how long they took rather than by when they ended
 */
public record RequestQuery(
    List<String> endpointIds,
    Optional<Period> period,
    Optional<Outcome> outcome,
    Optional<String> requestId,
    boolean payloads,
    boolean longestFirst) {

  /** How a request ended. */
  public enum Outcome {
    /** With a result. */
    SUCCESS,
    /** By a fault of fal's or the endpoint's. */
    ERROR,
    /** By a fault of the caller's. */
    USER_ERROR
  }

  /**
   * Checks the ids.
   *
   * @throws IllegalArgumentException if there is no endpoint or more than 50, one cannot be an id,
   *     or neither a period nor a request is given
   */
  public RequestQuery {
    endpointIds = Ids.checked("an endpoint id", endpointIds, 50);
    if (endpointIds.isEmpty()) {
      throw new IllegalArgumentException("past requests are listed by endpoint: name at least one");
    }
    requestId.ifPresent(id -> Ids.checked("a request id", List.of(id)));
    if (period.isEmpty() && requestId.isEmpty()) {
      throw new IllegalArgumentException("past requests need a period, or the id of one of them");
    }
  }

  /** The requests to these endpoints within a period. */
  public static RequestQuery of(List<String> endpointIds, Period period) {
    return new RequestQuery(
        endpointIds, Optional.of(period), Optional.empty(), Optional.empty(), false, false);
  }

  /** One request of the last 90 days. */
  public static RequestQuery of(String endpointId, String requestId) {
    return new RequestQuery(
        List.of(endpointId),
        Optional.empty(),
        Optional.empty(),
        Optional.of(requestId),
        false,
        false);
  }

  /** The same, of those that ended so. */
  public RequestQuery with(Outcome only) {
    return new RequestQuery(
        endpointIds, period, Optional.of(only), requestId, payloads, longestFirst);
  }

  /** The same, with what went in and what came out. */
  public RequestQuery withPayloads() {
    return new RequestQuery(endpointIds, period, outcome, requestId, true, longestFirst);
  }

  /** The same, those that took longest first. */
  public RequestQuery byDuration() {
    return new RequestQuery(endpointIds, period, outcome, requestId, payloads, true);
  }
}
