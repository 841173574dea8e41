package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The sliding window says what adding everything up says. */
class WindowTest {
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final Instant END = Instant.parse("2026-11-21T12:00:00Z");

  /** A call so long before the end. */
  private record Call(int secondsAgo, int millis, boolean failed, boolean byOther, long epoch) {
    long slot() {
      return Math.floorDiv(END.minusSeconds(secondsAgo).getEpochSecond(), 10) * 10;
    }

    Outcome outcome() {
      Duration took = Duration.ofMillis(millis);
      return failed
          ? Outcome.failed(TASK, "fal", Reason.TIMEOUT, took)
          : Outcome.drawn(TASK, "fal", took);
    }
  }

  @Provide
  Arbitrary<List<Call>> calls() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2000),
            Arbitraries.integers().between(1, 120_000),
            Arbitraries.of(true, false, false),
            Arbitraries.of(true, false),
            Arbitraries.longs().between(0, 2))
        .as(Call::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 200)
  void itsNumbersAreThoseOfAllCallsInItsSlots(
      @ForAll("calls") List<Call> calls, @ForAll @IntRange(min = 10, max = 1500) int window) {
    Counters counters = new Counters();
    for (Call call : calls) {
      Instant at = END.minusSeconds(call.secondsAgo());
      if (call.byOther()) {
        Bucket bucket = new Bucket(Span.FINE, Span.FINE.slot(at), TASK, "fal", call.epoch());
        Tally tally = new Tally();
        tally.add(call.outcome(), Set.of());
        // each of a process of its own, so that none replaces another
        String process = "other-" + System.identityHashCode(call);
        counters.read(List.of(new CountTable.Counted(bucket, process, tally)));
      } else {
        counters.count(at, TASK, "fal", call.epoch(), tally -> tally.add(call.outcome(), Set.of()));
      }
    }
    Instant from = END.minusSeconds(window);
    Tally seen = counters.since(from, TASK, "fal", 1);

    List<Call> within =
        calls.stream()
            .filter(call -> call.epoch() == 1 && call.slot() + 10 > from.getEpochSecond())
            .toList();
    assertThat(seen.calls).isEqualTo(within.size());
    assertThat(seen.failures).isEqualTo(within.stream().filter(Call::failed).count());
    List<Integer> times =
        within.stream().filter(call -> !call.failed()).map(Call::millis).sorted().toList();
    if (!times.isEmpty()) {
      int rank = (int) Math.ceil(0.95 * times.size());
      double exact = times.get(rank - 1);
      assertThat(seen.took.quantile(0.95)).isCloseTo(exact, within(exact * 0.0101));
    }
  }

  @Property(tries = 200)
  void aSketchIsTheSameThroughTheStoreAndInParts(
      @ForAll @Size(max = 60) List<@DoubleRange(min = 0, max = 1e10) Double> values,
      @ForAll @IntRange(min = 1, max = 100) int percent) {
    Sketch whole = new Sketch();
    Sketch even = new Sketch();
    Sketch odd = new Sketch();
    for (int i = 0; i < values.size(); i++) {
      whole.add(values.get(i));
      (i % 2 == 0 ? even : odd).add(values.get(i));
    }
    Sketch sum = Sketch.parse(even.text());
    sum.add(Sketch.parse(odd.text()));
    assertThat(sum.text()).isEqualTo(whole.text());
    assertThat(sum.total()).isEqualTo(values.size());
    if (!values.isEmpty()) {
      List<Double> sorted = values.stream().sorted().toList();
      double exact = sorted.get((int) Math.ceil(percent / 100.0 * sorted.size()) - 1);
      double bounded = Math.min(exact, 1e9);
      assertThat(sum.quantile(percent / 100.0))
          .isCloseTo(bounded <= 1e-6 ? 0 : bounded, within(bounded * 0.0101));
    }
  }

  @Property(tries = 50)
  void whatWaitsForTheStoreIsBounded(
      @ForAll @IntRange(min = 1, max = 40) int roads,
      @ForAll @IntRange(min = 1, max = 9) int step) {
    Counters counters = new Counters();
    for (int i = 0; i < 3000; i++) {
      Instant at = END.plusSeconds(10L * step * i);
      counters.count(at, TASK, "road" + i % roads, 0, tally -> tally.calls++);
      if (i % 10 == 0) {
        counters.prune(at, Duration.ofMinutes(10));
      }
    }
    assertThat(counters.unwritten().size()).isBetween(3, Counters.MOST_WAITING);
    assertThat(counters.size()).isLessThan(Counters.MOST_WAITING + 100);
  }

  @Property(tries = 5)
  void aMonthWithoutTheStoreLosesNoHour(@ForAll @IntRange(min = 1, max = 2) int roads) {
    Counters counters = new Counters();
    long calls = 0;
    for (int i = 0; i < 30 * 24 * 2; i++) {
      Instant at = END.plus(Duration.ofMinutes(30L * i));
      counters.count(at, TASK, "road" + i % roads, 0, tally -> tally.calls++);
      counters.prune(at, Duration.ofMinutes(10));
      calls++;
    }
    long kept =
        counters.unwritten().entrySet().stream()
            .filter(entry -> entry.getKey().span() == Span.COARSE)
            .mapToLong(entry -> entry.getValue().calls)
            .sum();
    assertThat(kept).isEqualTo(calls);
  }
}
