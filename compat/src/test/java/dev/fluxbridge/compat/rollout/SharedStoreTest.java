package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.rollout.RolloutEvent.StoreLost;
import dev.fluxbridge.providers.Task;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several services on one store, of each kind that there is here. */
class SharedStoreTest {
  private static final String EACH = "dev.fluxbridge.compat.rollout.TestStore#all";
  private static final String GUARD = "fluxbridge.guard.text-to-image.";

  private final FakeTime time = new FakeTime();

  private Service service(TestStore store, String... more) {
    Flags flags = store.flags(more);
    flags
        .with(GUARD + "error-rate", "10%")
        .with("fluxbridge.ramp.text-to-image.steps", "25,50,100");
    return new Service(time, flags, Service.RAMP);
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aRampBeginsOnceForAll(TestStore store) {
    try (Service one = service(store);
        Service two = service(store)) {
      one.tick();
      two.tick();
      assertThat(one.share()).isEqualTo(25_000_000);
      assertThat(two.share()).isEqualTo(25_000_000);
      assertThat(one.events).hasSize(1);
      assertThat(two.events).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void failuresOfSeveralProcessesAddUp(TestStore store) {
    try (Service one = service(store);
        Service two = service(store)) {
      one.tick();
      two.tick();
      one.fails(12);
      two.fails(12);
      one.tick();
      assertThat(one.share()).as("twelve are too few").isEqualTo(25_000_000);
      two.tick();
      assertThat(two.share()).isZero();
      assertThat(two.events(RolledBack.class).get(0).breach().failures()).isEqualTo(24);
      one.tick();
      assertThat(one.share()).isZero();
      assertThat(one.events(RolledBack.class)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void whoeverBothSeeTheBreachTakeTheRampBackOnce(TestStore store) {
    try (Service one = service(store, GUARD + "on-breach", "step");
        Service two = service(store, GUARD + "on-breach", "step")) {
      one.tick();
      two.tick();
      one.steering.up(Task.TEXT_TO_IMAGE, "fal", "anna", "it looks good");
      one.tick();
      two.tick();
      one.fails(30);
      two.fails(30);
      // neither has heard of the other when it judges
      one.controller.react();
      two.controller.react();
      one.tick();
      two.tick();
      assertThat(one.share()).isEqualTo(25_000_000);
      assertThat(two.share()).isEqualTo(25_000_000);
      assertThat(one.events(RolledBack.class).size() + two.events(RolledBack.class).size())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void aServiceThatIsStartedAnewFindsTheRoadHeld(TestStore store) {
    try (Service one = service(store)) {
      one.tick();
      one.fails(30);
      one.tick();
    }
    try (Service anew = service(store)) {
      anew.tick();
      assertThat(anew.share()).isZero();
      assertThat(anew.controller.ceilings().of(Task.TEXT_TO_IMAGE, "fal"))
          .satisfies(ceiling -> assertThat(ceiling.held()).isTrue())
          .satisfies(ceiling -> assertThat(ceiling.because()).contains("error-rate is 100.0 %"));
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void whatAPersonDoesBesideTheServicesReachesThemAll(TestStore store) {
    try (Service one = service(store);
        Service two = service(store);
        Steering person = Steering.open(store.flags().rules(), one.lanes)) {
      one.tick();
      two.tick();
      person.zero(Task.TEXT_TO_IMAGE, "fal", "anna", "a customer complained");
      one.tick();
      two.tick();
      assertThat(one.share()).isZero();
      assertThat(two.share()).isZero();
      RolloutState state = person.state();
      assertThat(state.roads().get(0).hold()).isEqualTo(Hold.PERSON);
      assertThat(state.roads().get(0).who()).isEqualTo("anna");
      assertThat(state.events().get(0).text())
          .isEqualTo(
              "fal is taken from 25 % to 0 % for text-to-image, by anna: a customer complained");
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void theStateTellsWhatWasCounted(TestStore store) {
    try (Service one = service(store)) {
      one.tick();
      one.draws(30);
      one.fails(2);
      one.draws(10, "local", Duration.ofSeconds(3));
      one.sees(new Inbox.Compared(Task.TEXT_TO_IMAGE, "fal", 0.25));
      one.sees(new Inbox.Repeated(Task.TEXT_TO_IMAGE, "local", 0.1));
      one.sees(
          new Inbox.Differed(
              new Mismatch(
                  "m1",
                  time.wall(),
                  Task.TEXT_TO_IMAGE,
                  "local",
                  "fal",
                  OptionalDouble.empty(),
                  "the sizes differ",
                  "mismatches/m1")));
      one.tick();
      time.passes(Duration.ofMinutes(11));
      one.draws(5);
      one.tick();

      RolloutState state = one.steering.state();
      assertThat(state.history())
          .extracting(RolloutState.Counted::backend, counted -> counted.statistics().calls())
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("fal", 32L),
              org.assertj.core.groups.Tuple.tuple("local", 10L),
              org.assertj.core.groups.Tuple.tuple("fal", 5L));
      assertThat(state.history().get(0).statistics().failures()).isEqualTo(2);
      assertThat(state.history().get(0).statistics().distance()).hasValue(0.25);
      assertThat(state.roads().get(0).now().calls()).as("the window is over").isEqualTo(5);
      assertThat(state.roads().get(0).waitsFor()).hasValue("5 of 20 calls seen in the last PT10M");
      assertThat(state.floors().get(0).floor().count()).isEqualTo(1);
      assertThat(state.mismatches().get(0).place()).isEqualTo("mismatches/m1");
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void theHistoryOfOldDaysIsKeptByTheHourAndThatOfOldMonthsNot(TestStore store) {
    try (Service one = service(store)) {
      one.draws(7);
      one.tick();
      time.passes(Duration.ofDays(5));
      one.draws(3);
      one.tick();
      assertThat(one.steering.state().history())
          .extracting(RolloutState.Counted::length)
          .containsExactly(Duration.ofHours(1), Duration.ofMinutes(10));
      time.passes(Duration.ofDays(29));
      one.tick();
      assertThat(one.steering.state().history()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void whatNoWindowReachesIsForgotten(TestStore store) throws SQLException {
    try (Service one = service(store)) {
      for (int i = 0; i < 50; i++) {
        one.draws(1);
        time.passes(Duration.ofSeconds(20));
        one.tick();
      }
      time.passes(Duration.ofMinutes(15));
      one.tick();
      try (Connection connection = DriverManager.getConnection(store.url());
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT COUNT(*) FROM fluxbridge_count WHERE span = 'FINE'")) {
        rows.next();
        assertThat(rows.getInt(1)).isBetween(10, 46);
      }
      time.passes(Duration.ofHours(1));
      one.tick();
      assertThat(one.steering.state().history()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(EACH)
  void tablesOfANewerReleaseAreRefused(TestStore store) throws SQLException {
    service(store).close();
    try (Service one = service(store)) {
      one.tick();
    }
    try (Connection connection = DriverManager.getConnection(store.url());
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE fluxbridge_schema SET version = 99");
    }
    try (Service late = service(store)) {
      late.tick();
      assertThat(late.events(StoreLost.class).get(0).text())
          .contains("its tables are of version 99, and this release of Fluxbridge knows version 1");
      assertThatThrownBy(late.steering::state)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("version 99")
          .hasMessageContaining("line 3 of fluxbridge.properties");
    }
  }
}
