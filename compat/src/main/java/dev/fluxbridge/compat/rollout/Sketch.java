package dev.fluxbridge.compat.rollout;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many values lie where, to within one percent: quantiles that can be added up over slots and
 * processes. Not safe for use by several threads.
 *
 * <p>Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees" (VLDB 2019). HdrHistogram does the same in an array of 16 kB, which is
 * much for a slot of ten seconds that saw three pictures; this is a map of as many entries as there
 * are different values, and a line of text in the store.
 */
final class Sketch {
  private static final double ERROR = 0.01;
  private static final double GAMMA = (1 + ERROR) / (1 - ERROR);
  private static final double LOG_GAMMA = Math.log(GAMMA);

  /** What is not above this counts as 0. */
  private static final double SMALLEST = 1e-6;

  /** What is above this counts as this; with the smallest it bounds the entries to 1728. */
  private static final double LARGEST = 1e9;

  private static final int ZERO = Integer.MIN_VALUE;

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long total;

  /**
   * @param value 0 or more, and a number
   */
  void add(double value) {
    add(
        value <= SMALLEST ? ZERO : (int) Math.ceil(Math.log(Math.min(value, LARGEST)) / LOG_GAMMA),
        1);
  }

  private void add(int bucket, long count) {
    counts.merge(bucket, count, Long::sum);
    total += count;
  }

  void add(Sketch other) {
    other.counts.forEach(this::add);
  }

  long total() {
    return total;
  }

  /**
   * The smallest value that this share of all values does not exceed, to within one percent; 0
   * without values.
   */
  double quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) {
        return entry.getKey() == ZERO ? 0 : 2 * Math.pow(GAMMA, entry.getKey()) / (GAMMA + 1);
      }
    }
    return 0;
  }

  /** As a line, for the store: {@code bucket:count} and so on, {@code z} for zero. */
  String text() {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (bucket, count) -> {
          text.append(text.isEmpty() ? "" : ",");
          text.append(bucket == ZERO ? "z" : bucket.toString()).append(':').append(count);
        });
    return text.toString();
  }

  static Sketch parse(String text) {
    Sketch sketch = new Sketch();
    if (!text.isEmpty()) {
      for (String entry : text.split(",", -1)) {
        int colon = entry.indexOf(':');
        String bucket = entry.substring(0, colon);
        sketch.add(
            bucket.equals("z") ? ZERO : Integer.parseInt(bucket),
            Long.parseLong(entry.substring(colon + 1)));
      }
    }
    return sketch;
  }
}
