package dev.fluxbridge.providers.fal.platform;

import java.time.Duration;
import java.util.List;

/**
 * Which charges to list. Immutable.
 *
 * @param period when, at most 90 days
 * @param endpointIds these alone, at most 50; empty means all
 * @param requestIds these alone; empty means all; more than 50 are asked for in several requests
 * @param apiKeyIds these keys' alone, at most 50; empty means all
 * @param usernames these people's alone, at most 50; empty means all
 */
public record BillingQuery(
    Period period,
    List<String> endpointIds,
    List<String> requestIds,
    List<String> apiKeyIds,
    List<String> usernames) {

  private static final Duration LONGEST = Duration.ofDays(90);

  /**
   * Checks the period and the ids.
   *
   * @throws IllegalArgumentException if the period is longer than 90 days, there are more than 50
   *     ids of a kind other than requests, or one cannot be an id
   */
  public BillingQuery {
    if (Duration.between(period.start(), period.end()).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the period is longer than the 90 days that fal lists charges for at once");
    }
    endpointIds = Ids.checked("an endpoint id", endpointIds, 50);
    requestIds = Ids.checked("a request id", requestIds);
    apiKeyIds = Ids.checked("the id of a key", apiKeyIds, 50);
    usernames = Ids.checked("a user name", usernames, 50);
  }

  /** All charges of a period. */
  public static BillingQuery of(Period period) {
    return new BillingQuery(period, List.of(), List.of(), List.of(), List.of());
  }

  /** The same for these endpoints alone. */
  public BillingQuery of(List<String> ids) {
    return new BillingQuery(period, ids, requestIds, apiKeyIds, usernames);
  }

  /** The same for these requests alone. */
  public BillingQuery forRequests(List<String> ids) {
    return new BillingQuery(period, endpointIds, ids, apiKeyIds, usernames);
  }

  /** The same for these keys alone. */
  public BillingQuery byKeys(List<String> ids) {
    return new BillingQuery(period, endpointIds, requestIds, ids, usernames);
  }

  /** The same for these people alone. */
  public BillingQuery byUsers(List<String> names) {
    return new BillingQuery(period, endpointIds, requestIds, apiKeyIds, names);
  }
}
