package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The limits that something is held to, by the name of their measure. What is without a limit is
 * not measured. Immutable and safe for use by several threads.
 *
 * @param byMeasure sorted by name
 */
public record Limits(Map<String, Limit> byMeasure) {
  /** No measure at all. */
  public static final Limits NONE = new Limits(Map.of());

  public Limits {
    byMeasure = Collections.unmodifiableSortedMap(new TreeMap<>(byMeasure));
  }

  static Limits of(Collection<Limit> limits) {
    Map<String, Limit> all = new LinkedHashMap<>();
    limits.forEach(limit -> all.put(limit.measure(), limit));
    return new Limits(all);
  }

  /**
   * What holds where nothing was learned or set.
   *
   * <table>
   * <caption>The defaults, why they are what they are</caption>
   * <tr><td>same stack</td><td>a level or so of a few pixels: what another order of additions
   * makes of a picture</td></tr>
   * <tr><td>same road</td><td>what cannot quite be seen: a provider's machines differ</td></tr>
   * <tr><td>other road</td><td>the same motif in like colours, by the numbers that do not look at
   * single pixels</td></tr>
   * </table>
   *
   * <p>Source: our own; what they find and what they let through stands in the guide, measured. The
   * cosine distance is that of diffusers' tests.
   */
  public static Limits defaults(Closeness closeness) {
    return switch (closeness) {
      case SAME_STACK ->
          defaults(
              Map.of(
                  Metric.MAE, 0.001,
                  Metric.SSIM, 0.995,
                  Metric.GMSD, 0.005,
                  Metric.CIEDE2000_P95, 1.5,
                  Metric.FLIP, 0.012,
                  Metric.PROTECTED_CHANGED, 0.001),
              Map.of(LatentMeasure.COSINE_DISTANCE, 1e-3, LatentMeasure.RELATIVE_ERROR, 0.05));
      case SAME_ROAD ->
          defaults(
              Map.of(
                  Metric.MAE, 0.008,
                  Metric.SSIM, 0.95,
                  Metric.GMSD, 0.01,
                  Metric.CIEDE2000_P95, 5.0,
                  Metric.FLIP, 0.04,
                  Metric.PROTECTED_CHANGED, 0.01),
              Map.of(LatentMeasure.COSINE_DISTANCE, 1e-2, LatentMeasure.RELATIVE_ERROR, 0.15));
      case OTHER_ROAD ->
          defaults(
              Map.of(
                  Metric.PERCEPTUAL_DISTANCE, 0.35,
                  Metric.STRUCTURE_OVERLAP, 0.6,
                  Metric.CIEDE2000, 8.0,
                  Metric.PHASH, 16.0,
                  Metric.CHANNEL_ORDER, 0.1,
                  Metric.BLOCKING, 0.7,
                  Metric.PROTECTED_MAE, 0.03),
              Map.of());
    };
  }

  private static Limits defaults(Map<Metric, Double> pictures, Map<LatentMeasure, Double> latents) {
    Map<String, Limit> limits = new TreeMap<>();
    pictures.forEach((metric, value) -> limits.put(metric.name(), byDefault(metric.name(), value)));
    latents.forEach(
        (measure, value) -> limits.put(measure.name(), byDefault(measure.name(), value)));
    return new Limits(limits);
  }

  private static Limit byDefault(String measure, double value) {
    return new Limit(measure, value, Limit.Basis.DEFAULT, Optional.empty());
  }

  /** These, and where both have one of a measure, the other's. */
  Limits and(Limits others) {
    Map<String, Limit> all = new TreeMap<>(byMeasure);
    all.putAll(others.byMeasure);
    return new Limits(all);
  }

  Limits without(Collection<String> measures) {
    Map<String, Limit> rest = new TreeMap<>(byMeasure);
    rest.keySet().removeAll(measures);
    return new Limits(rest);
  }

  /** Those learned or set for a golden hold alone; the defaults stand in where there are none. */
  boolean isEmpty() {
    return byMeasure.isEmpty();
  }
}
