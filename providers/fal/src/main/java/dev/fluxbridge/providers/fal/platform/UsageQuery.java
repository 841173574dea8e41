package dev.fluxbridge.providers.fal.platform;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Whose and which use to add up. Immutable.
 *
 * @param period when
 * @param endpointIds these alone, at most 50; empty means all
 * @param apiKeyIds these keys' alone, at most 50; empty means all
 * @param usernames these people's alone, at most 50; empty means all
 * @param timeframe how long a bucket is; empty lets fal choose by the period
 * @param zone where days begin
 */
public record UsageQuery(
    Period period,
    List<String> endpointIds,
    List<String> apiKeyIds,
    List<String> usernames,
    Optional<Timeframe> timeframe,
    ZoneId zone) {

  /** The length of a bucket. */
  public enum Timeframe {
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH
  }

  /**
   * Checks the ids.
   *
   * @throws IllegalArgumentException if there are more than 50 of a kind, or one cannot be an id
   */
  public UsageQuery {
    endpointIds = Ids.checked("an endpoint id", endpointIds, 50);
    apiKeyIds = Ids.checked("the id of a key", apiKeyIds, 50);
    usernames = Ids.checked("a user name", usernames, 50);
  }

  /** All use of a period. */
  public static UsageQuery of(Period period) {
    return new UsageQuery(
        period, List.of(), List.of(), List.of(), Optional.empty(), ZoneOffset.UTC);
  }

  /** The same for these endpoints alone. */
  public UsageQuery of(List<String> ids) {
    return new UsageQuery(period, ids, apiKeyIds, usernames, timeframe, zone);
  }

  /** The same for these keys alone. */
  public UsageQuery byKeys(List<String> ids) {
    return new UsageQuery(period, endpointIds, ids, usernames, timeframe, zone);
  }

  /** The same for these people alone. */
  public UsageQuery byUsers(List<String> names) {
    return new UsageQuery(period, endpointIds, apiKeyIds, names, timeframe, zone);
  }

  /** The same in buckets of this length, whose days begin in this zone. */
  public UsageQuery in(Timeframe length, ZoneId days) {
    return new UsageQuery(period, endpointIds, apiKeyIds, usernames, Optional.of(length), days);
  }
}
