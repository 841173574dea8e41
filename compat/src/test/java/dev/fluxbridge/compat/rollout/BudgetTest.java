package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Money that several processes share is never spent twice. */
class BudgetTest {
  private static final String EACH = "dev.fluxbridge.compat.rollout.TestStore#all";
  private static final BigDecimal ONE = BigDecimal.ONE;

  private final FakeTime time = new FakeTime();
  private final List<RolloutEvent> events = new ArrayList<>();

  private Budgets budgets(TestStore store, String... keysAndValues) {
    RolloutRules rules = store.flags(keysAndValues).rules();
    Database database = new Database(rules.store(), 5000);
    return new Budgets(() -> database, () -> rules, time.clock(), events::add);
  }

  private Budgets hourly(TestStore store) {
    return budgets(store, "fluxbridge.budget.shadow.hour", "10");
  }

  private static int reserve(Budgets budgets, int times, BigDecimal amount) {
    int got = 0;
    for (int i = 0; i < times; i++) {
      got += budgets.reserve("shadow", amount).isPresent() ? 1 : 0;
    }
    return got;
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void anHoursMoneyIsSpentOnceInAnySixtyMinutes(TestStore store) {
    Budgets budgets = hourly(store);
    assertThat(reserve(budgets, 6, ONE)).isEqualTo(6);
    time.passes(Duration.ofMinutes(50));
    assertThat(reserve(budgets, 9, ONE)).as("of ten, six are gone").isEqualTo(4);
    time.passes(Duration.ofMinutes(9));
    assertThat(reserve(budgets, 9, ONE)).isZero();
    time.passes(Duration.ofMinutes(2));
    assertThat(reserve(budgets, 9, ONE)).as("the first six are an hour old").isEqualTo(6);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aDaysMoneyHoldsOverItsHours(TestStore store) {
    Budgets budgets =
        budgets(store, "fluxbridge.budget.shadow.hour", "10", "fluxbridge.budget.shadow.day", "15");
    assertThat(reserve(budgets, 12, ONE)).isEqualTo(10);
    time.passes(Duration.ofHours(2));
    assertThat(reserve(budgets, 12, ONE)).isEqualTo(5);
    time.passes(Duration.ofHours(23));
    assertThat(reserve(budgets, 12, ONE)).isEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void whatIsSettledLowerOrReleasedCanBeSpentAgain(TestStore store) {
    Budgets budgets = hourly(store);
    Reservation first = budgets.reserve("shadow", new BigDecimal("8")).orElseThrow();
    Reservation second = budgets.reserve("shadow", new BigDecimal("2")).orElseThrow();
    assertThat(reserve(budgets, 1, ONE)).isZero();
    first.settle(new BigDecimal("3.5"));
    first.settle(BigDecimal.ZERO);
    first.release();
    assertThat(reserve(budgets, 9, ONE)).isEqualTo(4);
    second.release();
    assertThat(reserve(budgets, 9, ONE)).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void whatCameToMoreThanWasSetAsideIsWrittenDown(TestStore store) {
    Budgets budgets = hourly(store);
    budgets.reserve("shadow", ONE).orElseThrow().settle(new BigDecimal("9.5"));
    assertThat(reserve(budgets, 1, ONE)).isZero();
    assertThat(reserve(budgets, 1, new BigDecimal("0.5"))).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void withoutALimitThereIsNoMoney(TestStore store) {
    assertThat(reserve(budgets(store), 1, ONE)).isZero();
    assertThat(hourly(store).reserve("another", ONE)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void thatItIsSpentIsToldOnceAnHourByOneProcess(TestStore store) {
    Budgets one = hourly(store);
    Budgets two = hourly(store);
    assertThat(reserve(one, 10, ONE)).isEqualTo(10);
    for (int minute = 0; minute < 50; minute++) {
      reserve(one, 1, ONE);
      reserve(two, 1, ONE);
      time.passes(Duration.ofMinutes(1));
    }
    assertThat(events).hasSize(1);
    assertThat(events.get(0).text()).isEqualTo("The budget 'shadow' is spent: 10 in PT1H");
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void threadsWithConnectionsOfTheirOwnNeverSpendMoreThanThereIs(TestStore store) throws Exception {
    int threads = 4;
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> got = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Budgets budgets = hourly(store);
        got.add(
            pool.submit(
                () -> {
                  go.await();
                  return reserve(budgets, 30, new BigDecimal("0.25"));
                }));
      }
      go.countDown();
      int all = 0;
      for (Future<Integer> one : got) {
        all += one.get();
      }
      assertThat(all).isEqualTo(40);
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aProcessThatDiedBetweenLeavesItsReservationSpent(TestStore store) {
    assertThat(hourly(store).reserve("shadow", new BigDecimal("10"))).isPresent();
    Optional<Reservation> next = hourly(store).reserve("shadow", ONE);
    assertThat(next).isEmpty();
  }
}
