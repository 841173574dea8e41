package dev.fluxbridge.compat.rollout;

import java.util.Locale;

/** What rules are about. */
public enum Metric {
  /** The share of calls that failed, 0 to 1. */
  ERROR_RATE,
  /** The time that nineteen of twenty drawn calls stay below, in milliseconds. */
  LATENCY_P95,
  /** What a call cost on average, over the calls of which that is known. */
  COST_PER_CALL,
  /** How far pictures are from those of the old road, on average. */
  DISTANCE,
  /** The share of protected pixels that edits changed, on average, 0 to 1. */
  MASK_CHANGED;

  /** The name in keys and reports, for example {@code error-rate}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How many samples of it there are. */
  long samples(Tally tally) {
    return switch (this) {
      case ERROR_RATE -> tally.calls;
      case LATENCY_P95 -> tally.took.total();
      case COST_PER_CALL -> tally.priced;
      case DISTANCE -> tally.compared;
      case MASK_CHANGED -> tally.masked;
    };
  }

  /** Its value; 0 without samples. */
  double of(Tally tally) {
    if (samples(tally) == 0) {
      return 0;
    }
    return switch (this) {
      case ERROR_RATE -> (double) tally.failures / tally.calls;
      case LATENCY_P95 -> tally.took.quantile(0.95);
      case COST_PER_CALL -> tally.money / (1e9 * tally.priced);
      case DISTANCE -> tally.distance / tally.compared;
      case MASK_CHANGED -> tally.maskChanged / tally.masked;
    };
  }

  /** A value of it for people, with its unit. */
  public String text(double value) {
    return switch (this) {
      case ERROR_RATE, MASK_CHANGED -> String.format(Locale.ROOT, "%.4g %%", value * 100);
      case LATENCY_P95 -> String.format(Locale.ROOT, "%.3f s", value / 1000);
      case COST_PER_CALL, DISTANCE -> String.format(Locale.ROOT, "%.4f", value);
    };
  }
}
