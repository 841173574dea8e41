package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.rollout.Floor;
import dev.fluxbridge.compat.rollout.Limit;
import dev.fluxbridge.compat.rollout.Metric;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One value of a new road, beside the old road's and the limit. In the unit of its metric.
 *
 * @param metric what was measured
 * @param now of the new road; empty: nothing was measured
 * @param old of the old road; a distance's is the 95 % of the noise floor
 * @param limit what it may be at most; empty: no limit is written, or what it is a multiple of is
 *     not known
 * @param multiple the limit as a multiple of the old road's; empty: it is none
 */
record Reading(
    Metric metric,
    OptionalDouble now,
    OptionalDouble old,
    OptionalDouble limit,
    OptionalDouble multiple) {

  /** Whether it is past its limit; whether enough was seen to act on it is another question. */
  boolean over() {
    return now.isPresent() && limit.isPresent() && now.getAsDouble() > limit.getAsDouble();
  }

  static List<Reading> of(RoadState road, RolloutRules rules, Floor floor) {
    Map<Metric, Limit> limits = rules.guard(road.lane().task()).limits();
    return Arrays.stream(Metric.values())
        .filter(metric -> metric != Metric.MASK_CHANGED || road.lane().task() == Task.INPAINT)
        .map(
            metric -> {
              OptionalDouble old =
                  metric == Metric.DISTANCE
                      ? given(floor.count() > 0, floor.p95())
                      : value(metric, road.old());
              return limited(metric, value(metric, road.now()), old, limits.get(metric));
            })
        .toList();
  }

  private static Reading limited(
      Metric metric, OptionalDouble now, OptionalDouble old, @Nullable Limit limit) {
    if (limit == null) {
      return new Reading(metric, now, old, OptionalDouble.empty(), OptionalDouble.empty());
    }
    OptionalDouble reached =
        limit.relative() && old.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(limit.relative() ? limit.value() * old.orElse(0) : limit.value());
    return new Reading(metric, now, old, reached, given(limit.relative(), limit.value()));
  }

  static OptionalDouble value(Metric metric, Statistics statistics) {
    return switch (metric) {
      case ERROR_RATE -> statistics.errorRate();
      case LATENCY_P95 -> statistics.p95().stream().mapToDouble(Reading::milliseconds).findFirst();
      case COST_PER_CALL ->
          given(
              statistics.priced() > 0,
              statistics.cost().doubleValue() / Math.max(1, statistics.priced()));
      case DISTANCE -> statistics.distance();
      case MASK_CHANGED -> statistics.maskChanged();
    };
  }

  static double milliseconds(Duration took) {
    return took.toNanos() / 1e6;
  }

  private static OptionalDouble given(boolean known, double value) {
    return known ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
