package dev.fluxbridge.golden.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a pair of pictures scored. It judges nothing. Immutable and safe for use by several threads.
 *
 * @param values of the metrics that were asked for, in the order of {@link Metric}
 */
public record Scores(Map<Metric, Double> values) {

  /** Copies the map. */
  public Scores {
    Map<Metric, Double> copy = new EnumMap<>(Metric.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * The value of one metric.
   *
   * @throws IllegalArgumentException if it was not asked for
   */
  public double of(Metric metric) {
    Double value = values.get(metric);
    if (value == null) {
      throw new IllegalArgumentException(
          "%s was not compared, only %s".formatted(metric, values.keySet()));
    }
    return value;
  }
}
