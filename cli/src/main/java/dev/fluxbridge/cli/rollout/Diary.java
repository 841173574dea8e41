package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutState.Counted;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What happened in a rehearsal, as its callers saw it. Safe for use by several threads. */
final class Diary implements CallObserver {
  private static final int PIECES = 15;

  private final List<Called> calls = new ArrayList<>();
  private final List<RolloutEvent> events = new ArrayList<>();
  private Optional<Instant> begun = Optional.empty();
  private Optional<Instant> broken = Optional.empty();
  private Optional<Instant> rolledBack = Optional.empty();

  /**
   * One call.
   *
   * @param at when it ended
   * @param failure what the caller got instead of a picture
   */
  record Called(Instant at, String backend, Duration took, Optional<String> failure) {}

  /** From now on calls are written down. */
  synchronized void begins() {
    begun = Optional.of(Instant.now());
  }

  /**
   * From now on the new road fails.
   *
   * @return whether it did not before
   */
  synchronized boolean breaks() {
    if (broken.isPresent()) {
      return false;
    }
    broken = Optional.of(Instant.now());
    return true;
  }

  @Override
  public Call begins(Decision decision, int phase) {
    Instant start = Instant.now();
    return new Call() {
      @Override
      public void ended(ImageResult result) {
        add(decision.backend(), start, Optional.empty());
      }

      @Override
      public void failed(Throwable why) {
        add(
            decision.backend(),
            start,
            Optional.of(
                why instanceof BackendException failure
                    ? failure.reason().name()
                    : why.toString()));
      }
    };
  }

  private synchronized void add(String backend, Instant start, Optional<String> failure) {
    if (begun.isPresent()) {
      Instant now = Instant.now();
      calls.add(new Called(now, backend, Duration.between(start, now), failure));
    }
  }

  @Override
  public synchronized void happened(RolloutEvent event) {
    events.add(event);
    if (event instanceof RolloutEvent.RolledBack) {
      rolledBack = Optional.of(Instant.now());
    }
  }

  synchronized List<Called> calls() {
    return List.copyOf(calls);
  }

  synchronized List<RolloutEvent> events() {
    return List.copyOf(events);
  }

  synchronized Instant begun() {
    return begun.orElseThrow();
  }

  synchronized Optional<Instant> broken() {
    return broken;
  }

  /** When the process heard that the road was taken back. */
  synchronized Optional<Instant> rolledBack() {
    return rolledBack;
  }

  /** The calls that failed: each a caller who got no picture. */
  List<Called> affected() {
    return calls().stream().filter(call -> call.failure().isPresent()).toList();
  }

  /** The calls in pieces of time that suit a run of seconds: a store counts by ten minutes. */
  List<Counted> history() {
    List<Called> all = calls();
    if (all.isEmpty()) {
      return List.of();
    }
    Instant from = begun();
    Duration whole = Duration.between(from, all.get(all.size() - 1).at()).plusMillis(1);
    Duration piece = Duration.ofMillis(Math.max(50, whole.toMillis() / PIECES));
    Map<Long, Map<String, List<Called>>> pieces =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    call -> Duration.between(from, call.at()).toMillis() / piece.toMillis(),
                    TreeMap::new,
                    Collectors.groupingBy(Called::backend, TreeMap::new, Collectors.toList())));
    List<Counted> history = new ArrayList<>();
    pieces.forEach(
        (index, roads) ->
            roads.forEach(
                (backend, called) ->
                    history.add(
                        new Counted(
                            from.plus(piece.multipliedBy(index)),
                            piece,
                            Rehearsal.TASK,
                            backend,
                            statistics(called)))));
    return history;
  }

  private static Statistics statistics(List<Called> called) {
    List<Duration> drawn =
        called.stream()
            .filter(call -> call.failure().isEmpty())
            .map(Called::took)
            .sorted()
            .toList();
    int failures = called.size() - drawn.size();
    return new Statistics(
        called.size(),
        0,
        failures,
        failures,
        0,
        below(drawn, 0.5),
        below(drawn, 0.95),
        BigDecimal.ZERO,
        0,
        OptionalDouble.empty(),
        0,
        OptionalDouble.empty());
  }

  private static Optional<Duration> below(List<Duration> sorted, double share) {
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
  }
}
