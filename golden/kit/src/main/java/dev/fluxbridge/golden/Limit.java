package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import java.util.Locale;
import java.util.Optional;

/**
 * How far from its golden something may be by one measure, and where that number comes from.
 *
 * @param measure the name of a {@link Metric}, a {@link LatentMeasure} or a {@link PictureMeasure}
 * @param value the farthest that still passes, in the measure's own units and direction
 * @param basis where it comes from
 * @param floor the noise that it was learned from; empty unless it was
 */
public record Limit(String measure, double value, Basis basis, Optional<Floor> floor) {

  /** Where a limit comes from. */
  public enum Basis {
    /** Written in a test or into golden.json by a person. */
    BY_HAND,
    /** The noise floor of several runs; see {@link GoldenLearning}. */
    LEARNED,
    /** Those of {@link Limits#defaults}. */
    DEFAULT;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * Checks the value's range.
   *
   * @throws GoldenException for a limit that no comparison could fail or pass by
   */
  public Limit {
    if (Double.isNaN(value)) {
      throw new GoldenException("the limit of %s is no number".formatted(measure));
    }
  }

  /** Set by a person. */
  public static Limit byHand(Metric metric, double value) {
    if (!(value >= metric.least() && value <= metric.greatest())) {
      throw new GoldenException(
          "%s goes from %s to %s, so %s is no limit of it"
              .formatted(metric.label(), metric.least(), metric.greatest(), value));
    }
    return new Limit(metric.name(), value, Basis.BY_HAND, Optional.empty());
  }

  /** For messages: the basis, and for a learned one its noise. */
  String from() {
    return floor
        .map(
            f ->
                "learned from %d runs: %s on average, %s for 99 of 100"
                    .formatted(f.runs(), Verdict.shown(f.mean()), Verdict.shown(f.quantile())))
        .orElse(basis == Basis.DEFAULT ? "the default for this road" : basis.label());
  }
}
