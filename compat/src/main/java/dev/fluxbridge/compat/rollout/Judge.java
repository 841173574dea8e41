package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutRules.Guard;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what was counted against the limits. Pure.
 *
 * @param guard the limits
 * @param now what was counted of the new road in the window
 * @param old the same of the old road
 * @param floor how far the old road is from itself
 */
record Judge(Guard guard, Tally now, Tally old, Floor floor) {

  /** The first limit that is broken, of those with enough samples. */
  Optional<Breach> breach() {
    return guard.limits().entrySet().stream()
        .filter(limit -> enough(limit.getKey()) && value(limit) > limit(limit))
        .sorted(Map.Entry.comparingByKey())
        .findFirst()
        .map(
            limit ->
                new Breach(
                    limit.getKey(),
                    value(limit),
                    limit(limit),
                    guard.window(),
                    now.calls,
                    now.failures,
                    now.affected));
  }

  /** Why the road may not climb, or empty if every limit holds and enough was seen. */
  Optional<String> notYet() {
    if (now.calls < guard.minSamples()) {
      return Optional.of(
          "%d of %d calls seen in the last %s"
              .formatted(now.calls, guard.minSamples(), guard.window()));
    }
    return guard.limits().keySet().stream()
        .sorted()
        .filter(metric -> !enough(metric))
        .findFirst()
        .map(this::lack)
        .or(() -> breach().map(Breach::text));
  }

  /** Why it may not rise after a breach: a value that is known and not well below its limit. */
  Optional<String> notClear() {
    return guard.limits().entrySet().stream()
        .filter(limit -> enough(limit.getKey()) && value(limit) >= guard.clear() * limit(limit))
        .sorted(Map.Entry.comparingByKey())
        .findFirst()
        .map(
            limit ->
                "%s is %s, and must be below %s before it rises again"
                    .formatted(
                        limit.getKey().label(),
                        limit.getKey().text(value(limit)),
                        limit.getKey().text(guard.clear() * limit(limit))));
  }

  private boolean enough(Metric metric) {
    return metric.samples(now) >= guard.needed(metric)
        && referenceSamples(metric) >= guard.needed(metric);
  }

  private String lack(Metric metric) {
    return "%s has %d of %d samples"
        .formatted(
            metric.label(),
            Math.min(metric.samples(now), referenceSamples(metric)),
            guard.needed(metric));
  }

  private double value(Map.Entry<Metric, Limit> limit) {
    return limit.getKey().of(now);
  }

  private double limit(Map.Entry<Metric, Limit> limit) {
    return limit
        .getValue()
        .of(limit.getKey() == Metric.DISTANCE ? floor.p95() : limit.getKey().of(old));
  }

  /** Of what a relative limit is a multiple of; an absolute one needs none. */
  private long referenceSamples(Metric metric) {
    Limit limit = guard.limits().get(metric);
    if (limit == null || !limit.relative()) {
      return Long.MAX_VALUE;
    }
    return metric == Metric.DISTANCE ? floor.count() : metric.samples(old);
  }
}
