package dev.fluxbridge.compat.rollout;

import java.time.Duration;

/**
 * What broke a rule.
 *
 * @param metric what was measured
 * @param value what it was, in the unit of the metric
 * @param limit what it may be at most
 * @param window over how long
 * @param calls the calls of the road in the window that count, shadows among them
 * @param failures how many of them failed
 * @param affected how many of the failures a caller saw
 */
public record Breach(
    Metric metric,
    double value,
    double limit,
    Duration window,
    long calls,
    long failures,
    long affected) {

  /** In words for people. */
  public String text() {
    return "%s is %s, and at most %s is allowed; in the last %s %d calls, %d failed, %d callers affected"
        .formatted(
            metric.label(),
            metric.text(value),
            metric.text(limit),
            window,
            calls,
            failures,
            affected);
  }
}
