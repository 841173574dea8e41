package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What shadows may do, as somebody wrote it. Immutable.
 *
 * @param tasks of which tasks calls have one
 * @param inFlight how many may draw at once; what comes meanwhile has none
 * @param deadline after how long one is cut off
 * @param records where mismatches are recorded
 * @param recordBytes how much room they may take
 * @param recordPrompts whether the texts stand in them
 * @param ignored what is known to differ
 */
public record ShadowRules(
    Map<Task, Sampled> tasks,
    int inFlight,
    Duration deadline,
    Optional<Path> records,
    long recordBytes,
    boolean recordPrompts,
    List<Ignored> ignored) {
  public ShadowRules {
    Map<Task, Sampled> copy = new EnumMap<>(Task.class);
    copy.putAll(tasks);
    // Not Map.copyOf: it is asked at every call, and an EnumMap answers without allocating.
    tasks = Collections.unmodifiableMap(copy);
    ignored = List.copyOf(ignored);
  }

  /**
   * Reads them.
   *
   * @param find a key's value and where it was set
   * @param installed the backends that there are
   * @throws IllegalStateException if a value makes no sense, naming the value, where it was set,
   *     and what is right
   */
  public static ShadowRules of(Function<String, Optional<Flag>> find, List<String> installed) {
    return new ShadowReader(find, installed).rules();
  }

  /** Every key that {@link #of} reads, with what it does. */
  public static Map<String, String> keys() {
    return ShadowReader.keys();
  }

  /**
   * The shadow of a task.
   *
   * @param backend draws beside
   * @param share of the calls, in the unit of {@link dev.fluxbridge.compat.route.Shares}
   * @param distance from which distance on pictures are a mismatch; empty: learned
   * @param noise in which share of the shadows the old road is asked once more, to learn that
   */
  public record Sampled(String backend, long share, OptionalDouble distance, long noise) {}
}
