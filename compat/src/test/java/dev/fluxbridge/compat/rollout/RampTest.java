package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.rollout.RolloutEvent.Climbed;
import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How ramps climb, by themselves and by people. */
class RampTest {
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final String GUARD = "fluxbridge.guard.text-to-image.";
  private static final String RAMP = "fluxbridge.ramp.text-to-image.";

  private final TestStore store = TestStore.sqlite();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void away() {
    store.close();
  }

  private Service service(String... more) {
    Flags flags = store.flags(more);
    flags.with(RAMP + "steps", "5,25,100").with(GUARD + "error-rate", "10%");
    flags.with(GUARD + "window", "PT1M");
    Service service = new Service(time, flags, Service.RAMP);
    service.tick();
    return service;
  }

  private static void lives(Service service, int minutes) {
    for (int i = 0; i < minutes * 12; i++) {
      service.time.passes(Duration.ofSeconds(5));
      service.draws(5);
      service.tick();
    }
  }

  @Test
  void itClimbsOnItsScheduleWhileItsLimitsHold() {
    try (Service service = service(RAMP + "every", "PT5M")) {
      lives(service, 4);
      assertThat(service.share()).isEqualTo(5_000_000);
      lives(service, 2);
      assertThat(service.share()).isEqualTo(25_000_000);
      lives(service, 6);
      assertThat(service.share()).isEqualTo(100_000_000);
      lives(service, 6);
      assertThat(service.events(Climbed.class)).hasSize(2);
    }
  }

  @Test
  void withoutCallsItDoesNotClimb() {
    try (Service service = service(RAMP + "every", "PT5M")) {
      service.lives(Duration.ofMinutes(20));
      assertThat(service.share()).isEqualTo(5_000_000);
      assertThat(service.steering.state().roads().get(0).waitsFor())
          .hasValue("0 of 20 calls seen in the last PT1M");
    }
  }

  @Test
  void aLimitThatNothingWasMeasuredForKeepsItWhereItIs() {
    try (Service service = service(RAMP + "every", "PT5M", GUARD + "cost-per-call", "0.10")) {
      lives(service, 12);
      assertThat(service.share()).isEqualTo(5_000_000);
      assertThat(service.steering.state().roads().get(0).waitsFor())
          .hasValue("cost-per-call has 0 of 20 samples");
    }
  }

  @Test
  void fromNothingItClimbsByWhatShadowsTell() {
    try (Service service = service(RAMP + "steps", "0,50", RAMP + "every", "PT2M")) {
      service.set(RAMP + "steps", "0,50");
      assertThat(service.share()).isEqualTo(5_000_000);
    }
    try (TestStore fresh = TestStore.sqlite();
        Service service =
            new Service(
                time,
                fresh.flags(
                    RAMP + "steps", "0,50",
                    RAMP + "every", "PT2M",
                    GUARD + "window", "PT1M",
                    GUARD + "error-rate", "10%"),
                Service.RAMP)) {
      service.tick();
      assertThat(service.share()).isZero();
      for (int i = 0; i < 130; i++) {
        service.sees(Outcome.drawn(TASK, "fal", Duration.ofSeconds(1)).asShadow());
        service.lives(Duration.ofSeconds(1));
      }
      assertThat(service.share()).isEqualTo(50_000_000);
    }
  }

  @Test
  void aWallClockThatJumpsBackFreezesNothing() {
    try (Service service = service(RAMP + "every", "PT5M")) {
      time.wallJumps(Duration.ofHours(-30));
      lives(service, 6);
      assertThat(service.share()).isEqualTo(25_000_000);
      time.wallJumps(Duration.ofHours(-30));
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void aServiceWhoseClockIsBehindTheStoreStillClimbs() {
    try (Service ahead = service(RAMP + "every", "PT5M")) {
      ahead.tick();
    }
    time.wallJumps(Duration.ofDays(-2));
    try (Service service = service(RAMP + "every", "PT5M")) {
      lives(service, 6);
      assertThat(service.share()).isEqualTo(25_000_000);
    }
  }

  @Test
  void peopleStepUpAndDownAndHold() {
    try (Service service = service(RAMP + "every", "PT5M")) {
      service.steering.up(TASK, "fal", "anna", "it looks good");
      service.tick();
      assertThat(service.share()).isEqualTo(25_000_000);
      service.steering.hold(TASK, "fal", "anna", "the weekend");
      lives(service, 7);
      assertThat(service.share()).isEqualTo(25_000_000);
      assertThat(service.controller.ceilings().of(TASK, "fal"))
          .satisfies(
              ceiling ->
                  assertThat(ceiling.because()).isEqualTo("anna holds it at 25 %: the weekend"));
      service.steering.down(TASK, "fal", "ben", "carefully");
      service.tick();
      assertThat(service.share()).isEqualTo(5_000_000);
      service.steering.release(TASK, "fal", "ben", "monday");
      lives(service, 6);
      assertThat(service.share()).isEqualTo(25_000_000);
    }
  }

  @Test
  void whatAPersonHoldsIsStillTakenBackByABrokenRule() {
    try (Service service = service()) {
      service.steering.up(TASK, "fal", "anna", "it looks good");
      service.steering.hold(TASK, "fal", "anna", "the weekend");
      service.tick();
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(service.events(RolledBack.class)).hasSize(1);
    }
  }

  @Test
  void stepsThatCannotBeMadeSayWhy() {
    try (Service service = service()) {
      assertThatThrownBy(() -> service.steering.release(TASK, "fal", "anna", "x"))
          .hasMessage("fal is not held; it is at 5 %");
      assertThatThrownBy(() -> service.steering.up(TASK, "openai", "anna", "x"))
          .hasMessageContaining("openai is no new road of text-to-image");
      service.steering.up(TASK, "fal", "anna", "x");
      service.steering.up(TASK, "fal", "anna", "x");
      assertThatThrownBy(() -> service.steering.up(TASK, "fal", "anna", "x"))
          .hasMessage("fal is at 100 % already, the last step of its ramp");
      service.steering.zero(TASK, "fal", "anna", "stop");
      assertThatThrownBy(() -> service.steering.up(TASK, "fal", "ben", "x"))
          .hasMessageContaining("fal is held at 0 % since 2026-11-21T10:00:00Z, by anna: stop.")
          .hasMessageContaining("Release it first");
      service.steering.release(TASK, "fal", "anna", "go on");
      service.steering.down(TASK, "fal", "anna", "x");
      assertThatThrownBy(() -> service.steering.down(TASK, "fal", "anna", "x"))
          .hasMessage("fal is at 0 % already");
    }
    try (Steering split = Steering.open(store.flags().rules(), List.of(Service.SPLIT))) {
      assertThatThrownBy(() -> split.up(TASK, "fal", "anna", "x"))
          .hasMessageContaining("no ramp for text-to-image but a split");
    }
    RolloutRules none = Flags.of().rules();
    try (Steering split = Steering.open(none, List.of(Service.SPLIT))) {
      assertThatThrownBy(() -> split.zero(TASK, "fal", "anna", "x"))
          .hasMessageContaining("set fluxbridge.state.url for every service");
    }
  }

  @Test
  void aSplitThatBecomesARampBeginsAtItsFirstStepAndAHoldStays() {
    try (Service service = service()) {
      service.lanes = List.of(Service.SPLIT);
      service.tick();
      assertThat(service.share()).isEqualTo(-1);
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
      service.lanes = List.of(new Lane(TASK, "local", "fal", true, 100_000_000));
      service.lives(Duration.ofSeconds(3));
      assertThat(service.share()).isZero();
      service.steering.release(TASK, "fal", "anna", "x");
      service.tick();
      assertThat(service.share()).isEqualTo(5_000_000);
    }
  }

  @Test
  void whatStoodForLongIsNotPunishedForWhatItOnceDid() {
    try (Service service = service(GUARD + "cool-down", "PT1M")) {
      for (int i = 0; i < 3; i++) {
        service.fails(200);
        service.tick();
        assertThat(service.share()).isZero();
        time.passes(Duration.ofMinutes(1));
        service.tick();
        assertThat(service.share()).isEqualTo(5_000_000);
        lives(service, 5);
      }
    }
  }

  @Test
  void eachTimeThatItBreaksOnItsWayUpItStaysDownTwiceAsLong() {
    try (Service service = service(RAMP + "every", "PT5M", GUARD + "cool-down", "PT1M")) {
      for (int minutes = 1; minutes <= 8; minutes *= 2) {
        service.fails(20);
        service.tick();
        assertThat(service.share()).isZero();
        time.passes(Duration.ofMinutes(minutes).minusSeconds(1));
        service.tick();
        assertThat(service.share()).isZero();
        time.passes(Duration.ofSeconds(1));
        service.tick();
        assertThat(service.share()).isEqualTo(5_000_000);
      }
      lives(service, 6);
      assertThat(service.share()).as("past where it broke").isEqualTo(25_000_000);
      service.fails(200);
      service.tick();
      time.passes(Duration.ofMinutes(1));
      service.tick();
      assertThat(service.share()).isEqualTo(5_000_000);
    }
  }
}
