package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.rollout.RolloutEvent.StoreBack;
import dev.fluxbridge.compat.rollout.RolloutEvent.StoreLost;
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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A store that is locked, gone, full or made anew: shares stay, counts wait, nobody is told twice.
 */
class FaultTest {
  private static final String GUARD = "fluxbridge.guard.text-to-image.error-rate";
  private static final String STEPS = "fluxbridge.ramp.text-to-image.steps";

  private final TestStore store = TestStore.sqlite();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void away() {
    store.close();
  }

  private Service service(String url) {
    Service service =
        new Service(
            time,
            Flags.of("fluxbridge.state.url", url, GUARD, "10%", STEPS, "25,50,100"),
            Service.RAMP);
    service.tick();
    return service;
  }

  private static void expectOutageAndReturn(Service service, Fault begins, Fault ends)
      throws Exception {
    assertThat(service.share()).isEqualTo(25_000_000);
    begins.happens();
    service.draws(30);
    service.lives(Duration.ofSeconds(20));
    assertThat(service.share()).as("the last shares hold").isEqualTo(25_000_000);
    assertThat(service.events(StoreLost.class)).as("told once").hasSize(1);
    service.fails(10);
    service.tick();
    assertThat(service.share()).as("guards go on").isZero();
    assertThat(service.events(RolledBack.class)).hasSize(1);
    ends.happens();
    service.lives(Duration.ofSeconds(10));
    assertThat(service.events(StoreBack.class)).hasSize(1);
    assertThat(service.events(StoreLost.class)).hasSize(1);
    assertThat(service.events(RolledBack.class)).hasSize(1);

    RolloutState state = service.steering.state();
    assertThat(state.roads().get(0).share()).isZero();
    assertThat(state.roads().get(0).hold()).isEqualTo(Hold.BREACH);
    assertThat(state.history().get(0).statistics().calls())
        .as("what was counted meanwhile is there")
        .isEqualTo(40);
    assertThat(state.events())
        .extracting(RolloutState.Happened::kind)
        .contains("StoreLost", "StoreBack", "RolledBack");
  }

  /** Something that is done to the store. */
  @FunctionalInterface
  private interface Fault {
    void happens() throws Exception;
  }

  @Test
  void aLockedFile() throws Exception {
    try (Service service = service(store.url());
        Connection other = DriverManager.getConnection(store.url());
        Statement statement = other.createStatement()) {
      expectOutageAndReturn(
          service, () -> statement.execute("BEGIN EXCLUSIVE"), () -> statement.execute("ROLLBACK"));
    }
  }

  @Test
  void aFullDisk() throws Exception {
    try (Service service = service(store.url());
        Connection other = DriverManager.getConnection(store.url());
        Statement statement = other.createStatement()) {
      // the same failure as a full disk's, of a trigger that can be taken away again
      expectOutageAndReturn(
          service,
          () -> {
            for (String table : new String[] {"count", "road", "event"}) {
              for (String write : new String[] {"INSERT", "UPDATE"}) {
                statement.execute(
                    "CREATE TRIGGER full_%s_%s BEFORE %s ON fluxbridge_%s BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
                        .formatted(table, write, write, table));
              }
            }
          },
          () -> {
            for (String table : new String[] {"count", "road", "event"}) {
              for (String write : new String[] {"INSERT", "UPDATE"}) {
                statement.execute("DROP TRIGGER full_%s_%s".formatted(table, write));
              }
            }
          });
    }
  }

  @Test
  void aFileThatMayNotGrowAnyMore() throws Exception {
    service(store.url()).close();
    try (Service service = service(store.url() + "&max_page_count=30")) {
      for (int i = 0; i < 400; i++) {
        for (int millis = 1; millis < 300; millis += 3) {
          service.draws(1, "road" + i, Duration.ofMillis(100L * millis));
        }
        service.lives(Duration.ofSeconds(1));
      }
      assertThat(service.events(StoreLost.class)).hasSize(1);
      assertThat(service.events(StoreLost.class).get(0).text()).contains("SQLITE_FULL");
      assertThat(service.share()).isEqualTo(25_000_000);
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void aFileThatMayOnlyBeRead() throws Exception {
    try (Service before = service(store.url())) {
      before.steering.zero(Task.TEXT_TO_IMAGE, "fal", "anna", "stop");
    }
    // SQLite's own way to open it like that: whoever is root may write to any file
    try (Service service = service(store.url() + "&open_mode=1")) {
      service.draws(5);
      service.lives(Duration.ofSeconds(20));
      assertThat(service.share()).as("what was held is still read").isZero();
      assertThat(service.events(StoreLost.class)).hasSize(1);
      assertThat(service.events(StoreLost.class).get(0).text()).contains("readonly");
    }
  }

  @Test
  void postgresqlThatIsRestarted() throws Exception {
    Optional<String> server = TestPostgres.server();
    Assumptions.assumeTrue(server.isPresent());
    try (TestStore shared = TestStore.postgresql(server.get());
        Service service = service(shared.url())) {
      expectOutageAndReturn(
          service,
          () -> TestPostgres.shut(server.get(), shared.url()),
          () -> TestPostgres.open(server.get(), shared.url()));
    }
  }

  @Test
  void aDeletedFileIsMadeAnewWithWhatThisProcessKnows() throws IOException {
    try (Service service = service(store.url())) {
      service.steering.up(Task.TEXT_TO_IMAGE, "fal", "anna", "x");
      service.draws(30);
      service.fails(10);
      service.tick();
      assertThat(service.share()).isZero();
      for (String part : new String[] {"", "-wal", "-shm"}) {
        Files.deleteIfExists(Path.of(store.file() + part));
      }
      service.lives(Duration.ofSeconds(5));
      assertThat(service.share()).isZero();
      RolloutState state = service.steering.state();
      assertThat(state.roads().get(0).hold()).isEqualTo(Hold.BREACH);
      assertThat(state.history().get(0).statistics().calls()).isEqualTo(40);
    }
  }

  @Test
  void moneyThatWasSpentBeforeTheFileWasDeletedIsStillSpent() throws IOException {
    RolloutRules rules = store.flags("fluxbridge.budget.shadow.hour", "10").rules();
    try (Database database = new Database(rules.store(), 1000)) {
      Budgets budgets = new Budgets(() -> database, () -> rules, time.clock(), event -> {});
      assertThat(budgets.reserve("shadow", new BigDecimal("8"))).isPresent();
      Files.delete(store.file());
      assertThat(budgets.reserve("shadow", new BigDecimal("8"))).isEmpty();
      assertThat(budgets.reserve("shadow", new BigDecimal("2"))).isPresent();
    }
  }

  @Test
  void withoutTheStoreNoMoneyIsSpentAndWhatIsReleasedMeanwhileIsThereAfterwards()
      throws SQLException {
    RolloutRules rules = store.flags("fluxbridge.budget.shadow.hour", "10").rules();
    try (Database database = new Database(rules.store(), 20)) {
      Budgets budgets = new Budgets(() -> database, () -> rules, time.clock(), event -> {});
      Reservation all = budgets.reserve("shadow", BigDecimal.TEN).orElseThrow();
      try (Connection other = DriverManager.getConnection(store.url());
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
        assertThat(budgets.reserve("shadow", BigDecimal.ZERO)).isEmpty();
        all.release();
        statement.execute("ROLLBACK");
      }
      assertThat(budgets.reserve("shadow", BigDecimal.TEN)).isPresent();
    }
  }

  @Test
  void aStoreThatWasNeverThereLeavesRampsAtNothingAndSplitsAsWritten() throws IOException {
    Path folder = store.file().resolveSibling("folder");
    Files.createDirectory(folder);
    try (Service ramp = service("jdbc:sqlite:" + folder)) {
      ramp.lives(Duration.ofSeconds(20));
      assertThat(ramp.share()).as("a ramp without a ceiling has not begun").isEqualTo(-1);
      assertThat(ramp.events).hasSize(1);
      assertThat(ramp.events(StoreLost.class).get(0).text()).contains(folder.toString());
      ramp.lanes = List.of(Service.SPLIT);
      ramp.tick();
      ramp.fails(20);
      ramp.tick();
      assertThat(ramp.share()).as("a split that breaks a rule is still held").isZero();
    }
  }

  @Test
  void aListenerThatThrowsStopsNothing() {
    try (Service service =
        new Service(time, store.flags(GUARD, "10%", STEPS, "25,100"), Service.RAMP)) {
      service.tick();
      service.throwing = true;
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
      service.lives(Duration.ofSeconds(3));
      assertThat(service.steering.state().roads().get(0).hold()).isEqualTo(Hold.BREACH);
    }
  }

  @Test
  void rulesThatCannotBeReadLeaveTheLastGoodOnes() {
    try (Service service = service(store.url())) {
      service.broken = true;
      service.fails(20);
      service.lives(Duration.ofSeconds(3));
      assertThat(service.share()).isZero();
    }
  }
}
