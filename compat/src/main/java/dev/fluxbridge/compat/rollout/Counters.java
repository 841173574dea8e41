package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What this process counted, and what it read of others; in memory, and bounded while the store is
 * gone. Not safe for use by several threads.
 */
final class Counters {
  /** Rows that wait to be written; beyond that the oldest are forgotten. */
  static final int MOST_WAITING = 5_000;

  private final Map<Bucket, Tally> own = new LinkedHashMap<>();
  private final Map<Bucket, Tally> unwritten = new LinkedHashMap<>();
  private final Map<Key, Tally> others = new HashMap<>();

  private record Key(Bucket bucket, String process) {}

  /** Counts something in each span's slot of this moment. */
  void count(Instant at, Task task, String backend, long epoch, Consumer<Tally> what) {
    for (Span span : Span.values()) {
      // windows ask under which step a call began; pages do not
      long counted = span == Span.FINE ? epoch : 0;
      Bucket bucket = new Bucket(span, span.slot(at), task, backend, counted);
      Tally tally = own.computeIfAbsent(bucket, fresh -> new Tally());
      what.accept(tally);
      unwritten.put(bucket, tally);
    }
    while (unwritten.size() > MOST_WAITING) {
      unwritten.remove(unwritten.keySet().iterator().next());
    }
  }

  /** What is to be written, to be handed to {@link #written} afterwards. */
  Map<Bucket, Tally> unwritten() {
    return unwritten;
  }

  void written() {
    unwritten.clear();
  }

  /** A new store knows nothing of what this process counted. */
  void writeAllAgain() {
    others.clear();
    unwritten.putAll(own);
  }

  /** What others counted: newer numbers in place of older ones. */
  void read(Collection<CountTable.Counted> counted) {
    counted.forEach(row -> others.put(new Key(row.bucket(), row.process()), row.tally()));
  }

  /**
   * All that was counted of a road from a moment on, to the slot that holds it.
   *
   * @param epoch which is meant; less than 0 means all
   */
  Tally since(Instant from, Task task, String backend, long epoch) {
    Tally sum = new Tally();
    own.forEach((bucket, tally) -> addTo(sum, bucket, tally, from, task, backend, epoch));
    others.forEach((key, tally) -> addTo(sum, key.bucket(), tally, from, task, backend, epoch));
    return sum;
  }

  private static void addTo(
      Tally sum, Bucket bucket, Tally tally, Instant from, Task task, String backend, long epoch) {
    if (bucket.span() == Span.FINE
        && bucket.slot() + Span.FINE.millis() > from.toEpochMilli()
        && bucket.task() == task
        && bucket.backend().equals(backend)
        && (epoch < 0 || bucket.epoch() == epoch)) {
      sum.add(tally);
    }
  }

  /** Forgets what no window reaches and what is written. */
  void prune(Instant now, Duration longestWindow) {
    long fine = now.minus(longestWindow).minus(Span.FINE.length).toEpochMilli();
    unwritten.keySet().removeIf(bucket -> bucket.span() == Span.FINE && bucket.slot() < fine);
    own.keySet()
        .removeIf(
            bucket ->
                bucket.span() == Span.FINE
                    ? bucket.slot() < fine
                    : bucket.slot() + bucket.span().millis() <= now.toEpochMilli()
                        && !unwritten.containsKey(bucket));
    others.keySet().removeIf(key -> key.bucket().slot() < fine);
  }

  int size() {
    return own.size() + others.size();
  }
}
