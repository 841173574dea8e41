package dev.fluxbridge.providers.fal.platform;

import java.util.List;
import java.util.Optional;

/**
 * Which numbers about which endpoints. Immutable.
 *
 * @param endpointIds of these, 1 to 50
 * @param period when
 * @param metrics fal's names, for example {@code request_count}, {@code p90_duration}; at least one
 * @param timeframe how long a bucket is; empty lets fal choose by the period
 */
public record AnalyticsQuery(
    List<String> endpointIds,
    Period period,
    List<String> metrics,
    Optional<UsageQuery.Timeframe> timeframe) {

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if there is no endpoint or more than 50, no metric, or one of
   *     them cannot be a name
   */
  public AnalyticsQuery {
    endpointIds = Ids.checked("an endpoint id", endpointIds, 50);
    metrics = Ids.checked("the name of a metric", metrics);
    if (endpointIds.isEmpty() || metrics.isEmpty()) {
      throw new IllegalArgumentException("analytics need an endpoint and a metric at least");
    }
  }

  /** These numbers of these endpoints, in buckets as fal sees fit. */
  public static AnalyticsQuery of(List<String> endpointIds, Period period, List<String> metrics) {
    return new AnalyticsQuery(endpointIds, period, metrics, Optional.empty());
  }
}
