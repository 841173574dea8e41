package dev.fluxbridge.providers.fal.platform;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Numbers about one endpoint.
 *
 * @param endpointId the endpoint
 * @param metrics by fal's name; durations are in seconds
 */
public record Analytics(String endpointId, Map<String, BigDecimal> metrics) {
  public Analytics {
    metrics = Map.copyOf(metrics);
  }
}
