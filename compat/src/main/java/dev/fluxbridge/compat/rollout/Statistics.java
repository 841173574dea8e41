package dev.fluxbridge.compat.rollout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was counted of a road.
 *
 * @param calls those that count, shadows among them
 * @param shadows how many of them nobody waited for
 * @param failures how many of them failed
 * @param affected how many of the failures a caller saw
 * @param excused calls that do not count: callers' own mistakes, and what the rules excuse
 * @param p50 the time that half of the drawn calls stay below, to within one percent
 * @param p95 the time that nineteen of twenty of them stay below
 * @param cost what is known of their cost, in the currency of the rules
 * @param priced of how many calls it is known
 * @param distance how far the pictures are from the old road's, on average
 * @param compared how many were compared
 * @param maskChanged the share of protected pixels that edits changed, on average, 0 to 1
 */
public record Statistics(
    long calls,
    long shadows,
    long failures,
    long affected,
    long excused,
    Optional<Duration> p50,
    Optional<Duration> p95,
    BigDecimal cost,
    long priced,
    OptionalDouble distance,
    long compared,
    OptionalDouble maskChanged) {

  /** The share of calls that failed, 0 to 1; empty without calls. */
  public OptionalDouble errorRate() {
    return calls == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) failures / calls);
  }

  static Statistics of(Tally tally) {
    return new Statistics(
        tally.calls,
        tally.shadows,
        tally.failures,
        tally.affected,
        tally.excused,
        time(tally.took, 0.5),
        time(tally.took, 0.95),
        Money.of(tally.money),
        tally.priced,
        mean(Metric.DISTANCE, tally),
        tally.compared,
        mean(Metric.MASK_CHANGED, tally));
  }

  private static OptionalDouble mean(Metric metric, Tally tally) {
    return metric.samples(tally) == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(metric.of(tally));
  }

  private static Optional<Duration> time(Sketch took, double share) {
    return took.total() == 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) (took.quantile(share) * 1e6)));
  }
}
