package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever is reserved, settled and released in whatever order, by whom and when: no overspending.
 */
class BudgetPropertyTest {
  private static final BigDecimal HOURLY = BigDecimal.TEN;
  private static final BigDecimal DAILY = new BigDecimal("25");

  private enum Kind {
    RESERVE,
    SETTLE,
    RELEASE,
    WAIT,
    WALL_JUMPS
  }

  /** A thing that one of two processes does. */
  private record Deed(Kind kind, boolean byFirst, int amount) {}

  /** Money that is gone: what was set aside, or what it came to. */
  private record Gone(Duration at, BigDecimal amount) {}

  @Provide
  Arbitrary<List<Deed>> deeds() {
    return Combinators.combine(
            Arbitraries.of(
                Kind.RESERVE, Kind.RESERVE, Kind.SETTLE, Kind.RELEASE, Kind.WAIT, Kind.WALL_JUMPS),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 400))
        .as(Deed::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(60);
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void inAnyHourAndDayNoMoreIsGoneThanTheBudgetHas(@ForAll("deeds") List<Deed> deeds) {
    FakeTime time = new FakeTime();
    try (TestStore store = TestStore.sqlite()) {
      RolloutRules rules =
          store
              .flags(
                  "fluxbridge.budget.shadow.hour", HOURLY.toPlainString(),
                  "fluxbridge.budget.shadow.day", DAILY.toPlainString())
              .rules();
      try (Database one = new Database(rules.store(), 1000);
          Database two = new Database(rules.store(), 1000)) {
        Budgets first = new Budgets(() -> one, () -> rules, time.clock(), event -> {});
        Budgets second = new Budgets(() -> two, () -> rules, time.clock(), event -> {});
        List<Reservation> open = new ArrayList<>();
        List<Gone> gone = new ArrayList<>();
        List<Integer> index = new ArrayList<>();
        for (Deed deed : deeds) {
          Budgets by = deed.byFirst() ? first : second;
          BigDecimal amount = BigDecimal.valueOf(deed.amount(), 2);
          switch (deed.kind()) {
            case RESERVE ->
                by.reserve("shadow", amount)
                    .ifPresent(
                        reservation -> {
                          open.add(reservation);
                          index.add(gone.size());
                          gone.add(new Gone(time.passed(), amount));
                        });
            case SETTLE, RELEASE -> {
              if (!open.isEmpty()) {
                int which = deed.amount() % open.size();
                Reservation reservation = open.remove(which);
                int at = index.remove(which);
                boolean release = deed.kind() == Kind.RELEASE;
                BigDecimal actual =
                    release
                        ? BigDecimal.ZERO
                        : reservation.amount().multiply(new BigDecimal("0.37"));
                if (release) {
                  reservation.release();
                } else {
                  reservation.settle(actual);
                }
                gone.set(at, new Gone(gone.get(at).at(), actual));
              }
            }
            case WAIT -> time.passes(Duration.ofMinutes(deed.amount()));
            case WALL_JUMPS -> time.wallJumps(Duration.ofMinutes(-deed.amount()));
          }
          // after each deed, as what is settled lower later was gone until then
          within(gone, time.passed(), Duration.ofHours(1), HOURLY);
          within(gone, time.passed(), Duration.ofDays(1), DAILY);
        }
      }
    }
  }

  private static void within(List<Gone> gone, Duration now, Duration span, BigDecimal limit) {
    BigDecimal sum =
        gone.stream()
            .filter(one -> one.at().plus(span).compareTo(now) > 0)
            .map(Gone::amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isLessThanOrEqualTo(limit);
  }
}
