package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rollout with its own thread and real time: it reacts at once, and callers never wait. */
class RolloutTest {
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final String GUARD = "fluxbridge.guard.text-to-image.error-rate";

  private final TestStore store = TestStore.sqlite();
  private final BlockingQueue<RolloutEvent> events = new LinkedBlockingQueue<>();

  @AfterEach
  void away() {
    store.close();
  }

  private Rollout start(RolloutRules rules, Lane... lanes) {
    return Rollout.start(() -> rules, () -> List.of(lanes), events::add, SteadyClock.system());
  }

  private static void fails(Rollout rollout, int times) {
    for (int i = 0; i < times; i++) {
      rollout.record(Outcome.failed(TASK, "fal", Reason.UNAVAILABLE, Duration.ofMillis(5)));
    }
  }

  @Test
  void aFailureIsJudgedAtOnceAndNotASecondLater() throws InterruptedException {
    try (Rollout rollout = start(store.flags(GUARD, "10%").rules(), Service.RAMP)) {
      assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(RolloutEvent.Began.class);
      fails(rollout, 19);
      long start = System.nanoTime();
      fails(rollout, 1);
      Ceilings.Ceiling ceiling = rollout.ceilings().of(TASK, "fal");
      while (ceiling != null && ceiling.share() > 0) {
        Thread.onSpinWait();
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofMillis(900).toNanos());
        ceiling = rollout.ceilings().of(TASK, "fal");
      }
      System.out.printf(
          "From the failing call to the share of nothing: %.2f ms%n",
          (System.nanoTime() - start) / 1e6);
      assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(RolledBack.class);
    }
  }

  @Test
  void aRoadThatWasHeldBeforeTheStartGetsNoCallAfterIt() throws InterruptedException {
    RolloutRules rules = store.flags(GUARD, "10%").rules();
    try (Rollout rollout = start(rules, Service.SPLIT)) {
      fails(rollout, 20);
      assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(RolledBack.class);
    }
    try (Rollout anew = start(rules, Service.SPLIT)) {
      assertThat(anew.ceilings().of(TASK, "fal"))
          .isNotNull()
          .satisfies(ceiling -> assertThat(ceiling.share()).isZero());
    }
  }

  @Test
  void aStartWaitsForAStoreThatSomebodyElseHoldsJustNow() throws Exception {
    RolloutRules rules = store.flags(GUARD, "10%").rules();
    try (Steering person = Steering.open(rules, List.of(Service.SPLIT))) {
      person.zero(TASK, "fal", "anna", "stop");
    }
    try (Connection other = DriverManager.getConnection(store.url());
        Statement statement = other.createStatement()) {
      // without a log to write ahead, who writes keeps readers out too
      statement.execute("PRAGMA journal_mode = DELETE");
      statement.execute("BEGIN EXCLUSIVE");
      CompletableFuture<Rollout> starting =
          CompletableFuture.supplyAsync(() -> start(rules, Service.SPLIT));
      assertThatThrownBy(() -> starting.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      statement.execute("ROLLBACK");
      try (Rollout started = starting.get(10, TimeUnit.SECONDS)) {
        assertThat(started.ceilings().of(TASK, "fal"))
            .isNotNull()
            .satisfies(ceiling -> assertThat(ceiling.share()).isZero());
        assertThat(events).isEmpty();
      }
    }
  }

  @Test
  void whatWasCountedIsWrittenBeforeTheEnd() {
    RolloutRules rules = store.flags(GUARD, "10%").rules();
    try (Rollout rollout = start(rules, Service.RAMP)) {
      rollout.record(Outcome.drawn(TASK, "fal", Duration.ofSeconds(1)));
    }
    try (Steering steering = Steering.open(rules, List.of(Service.RAMP))) {
      assertThat(steering.state().roads().get(0).now().calls()).isEqualTo(1);
    }
  }

  @Test
  void whereNothingIsWatchedThereIsNoStore() throws IOException {
    Flags flags = Flags.of("fluxbridge.guard.chat.error-rate", "5%");
    try (Rollout rollout = start(flags.rules(), Service.SPLIT)) {
      fails(rollout, 30);
      assertThat(rollout.ceilings()).isSameAs(Ceilings.NONE);
      assertThat(rollout.reserve(RolloutRules.SHADOW, BigDecimal.ONE)).isEmpty();
    }
    assertThat(Files.exists(Path.of("fluxbridge-state.db"))).isFalse();
    assertThat(Files.exists(store.file())).isFalse();
  }

  @Test
  void callersDoNotWaitForALockedStore() throws SQLException {
    RolloutRules rules = store.flags(GUARD, "10%").rules();
    try (Rollout rollout = start(rules, Service.RAMP);
        Connection other = DriverManager.getConnection(store.url());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      long start = System.nanoTime();
      fails(rollout, 10_000);
      rollout.ceilings();
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofMillis(500).toNanos());
      statement.execute("ROLLBACK");
    }
  }

  @Test
  void aDistanceIsANumberFromNothingUp() {
    try (Rollout rollout = start(Flags.of().rules())) {
      for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertThatThrownBy(() -> rollout.distance(TASK, "fal", bad))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a distance is 0 or more");
      }
    }
  }
}
