package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.rollout.RolloutEvent.Released;
import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What takes a new road back, what does not, and how it comes up again. */
class GuardTest {
  private static final String GUARD = "fluxbridge.guard.text-to-image.";
  private static final Duration FAST = Duration.ofMillis(500);

  private final TestStore store = TestStore.sqlite();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void away() {
    store.close();
  }

  private Service service(Lane lane, String... keysAndValues) {
    Flags flags = store.flags(keysAndValues);
    Service service = new Service(time, flags, lane);
    service.tick();
    return service;
  }

  private static Breach breach(Service service) {
    assertThat(service.events(RolledBack.class)).hasSize(1);
    return service.events(RolledBack.class).get(0).breach();
  }

  @Test
  void aRampGoesToNothingWhenTooManyCallsFail() {
    try (Service service = service(Service.RAMP, GUARD + "error-rate", "10%")) {
      service.draws(18);
      service.fails(2);
      service.tick();
      assertThat(service.share()).as("ten of a hundred are allowed").isEqualTo(1_000_000);
      service.fails(1);
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(breach(service).failures()).isEqualTo(3);
      assertThat(breach(service).calls()).isEqualTo(21);
      assertThat(breach(service).text())
          .isEqualTo(
              "error-rate is 14.29 %, and at most 10.00 % is allowed; in the last PT10M 21 calls, 3 failed, 3 callers affected");
    }
  }

  @Test
  void aSplitIsHeldAtNothingAndGetsWhatItsFlagSaysWhenItIsReleased() {
    try (Service service = service(Service.SPLIT, GUARD + "error-rate", "10%")) {
      assertThat(service.share()).as("nothing is said of it").isEqualTo(-1);
      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
      service.steering.release(Task.TEXT_TO_IMAGE, "fal", "anna", "fal mended it");
      service.lives(Duration.ofSeconds(2));
      assertThat(service.share()).isEqualTo(-1);
      assertThat(service.events(RolledBack.class)).hasSize(1);
    }
  }

  @Test
  void fewerCallsThanTheRuleNeedsProveNothing() {
    try (Service service = service(Service.RAMP, GUARD + "error-rate", "10%")) {
      service.fails(19);
      service.tick();
      assertThat(service.share()).isEqualTo(1_000_000);
      service.fails(1);
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void callersMistakesAreNotTheRoads() {
    try (Service service = service(Service.RAMP, GUARD + "error-rate", "10%")) {
      service.draws(20);
      for (Reason own : new Reason[] {Reason.INVALID, Reason.CANCELLED}) {
        for (int i = 0; i < 30; i++) {
          service.sees(Outcome.failed(Task.TEXT_TO_IMAGE, "fal", own, FAST));
        }
      }
      service.tick();
      assertThat(service.share()).isEqualTo(1_000_000);
      Statistics now = service.steering.state().roads().get(0).now();
      assertThat(now.calls()).isEqualTo(20);
      assertThat(now.excused()).isEqualTo(60);
    }
  }

  @Test
  void aRefusalCountsUnlessTheRulesExcuseIt() {
    try (Service service =
        service(Service.RAMP, GUARD + "error-rate", "10%", GUARD + "excused", "refused")) {
      service.draws(20);
      for (int i = 0; i < 30; i++) {
        service.sees(Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.REFUSED, FAST));
      }
      service.tick();
      assertThat(service.share()).isEqualTo(1_000_000);

      service.set(GUARD + "excused", "unsupported");
      service.tick();
      for (int i = 0; i < 30; i++) {
        service.sees(Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.REFUSED, FAST));
      }
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void slowCallsTakeItBack() {
    try (Service service = service(Service.RAMP, GUARD + "latency-p95", "PT2S")) {
      service.draws(95);
      service.draws(5, "fal", Duration.ofSeconds(9));
      service.tick();
      assertThat(service.share()).as("five of a hundred may be slow").isEqualTo(1_000_000);
      service.draws(1, "fal", Duration.ofSeconds(9));
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(breach(service).metric()).isEqualTo(Metric.LATENCY_P95);
    }
  }

  @Test
  void slownessCanBeMeasuredByTheOldRoad() {
    try (Service service = service(Service.RAMP, GUARD + "latency-p95", "1.5x")) {
      service.draws(30, "fal", Duration.ofSeconds(10));
      service.tick();
      assertThat(service.share()).as("nothing to compare with").isEqualTo(1_000_000);
      service.draws(30, "local", Duration.ofSeconds(8));
      service.tick();
      assertThat(service.share()).as("10 s is less than 12 s").isEqualTo(1_000_000);
      service.draws(30, "fal", Duration.ofSeconds(13));
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void callsThatCostTooMuchTakeItBackAndUnknownCostsAreNotNothing() {
    try (Service service = service(Service.RAMP, GUARD + "cost-per-call", "0.10")) {
      service.draws(100);
      for (int i = 0; i < 20; i++) {
        service.sees(
            Outcome.drawn(Task.TEXT_TO_IMAGE, "fal", FAST).costing(new BigDecimal("0.11")));
      }
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(breach(service).value()).isEqualTo(0.11);
    }
  }

  @Test
  void picturesTooFarFromTheOldRoadsTakeItBack() {
    try (Service service = service(Service.RAMP, GUARD + "distance", "0.4")) {
      for (int i = 0; i < 20; i++) {
        service.sees(new Inbox.Compared(Task.TEXT_TO_IMAGE, "fal", 0.41));
      }
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(breach(service).metric()).isEqualTo(Metric.DISTANCE);
    }
  }

  @Test
  void distancesCanBeMeasuredByTheNoiseOfTheOldRoad() {
    try (Service service = service(Service.RAMP, GUARD + "distance", "2x")) {
      for (int i = 0; i < 40; i++) {
        service.sees(new Inbox.Repeated(Task.TEXT_TO_IMAGE, "local", 0.1));
        service.sees(new Inbox.Compared(Task.TEXT_TO_IMAGE, "fal", 0.19));
      }
      service.lives(Duration.ofMinutes(2));
      assertThat(service.share()).isEqualTo(1_000_000);
      for (int i = 0; i < 40; i++) {
        service.sees(new Inbox.Compared(Task.TEXT_TO_IMAGE, "fal", 0.25));
      }
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void editsThatTouchWhatTheMaskProtectsTakeItBack() {
    Lane inpaint = new Lane(Task.INPAINT, "local", "fal", true, Shares.WHOLE);
    try (Service service = service(inpaint, "fluxbridge.guard.inpaint.mask-changed", "2%")) {
      for (int i = 0; i < 20; i++) {
        service.sees(Outcome.drawn(Task.INPAINT, "fal", FAST).withMaskChanged(0.03));
      }
      service.tick();
      assertThat(breach(service).metric()).isEqualTo(Metric.MASK_CHANGED);
    }
  }

  @Test
  void whatHappenedBeforeTheWindowIsForgotten() {
    try (Service service =
        service(Service.RAMP, GUARD + "error-rate", "10%", GUARD + "window", "PT1M")) {
      service.fails(15);
      service.lives(Duration.ofSeconds(75));
      service.fails(15);
      service.tick();
      assertThat(service.share()).isEqualTo(1_000_000);
      service.lives(Duration.ofSeconds(30));
      service.fails(5);
      service.tick();
      assertThat(service.share()).isZero();
    }
  }

  @Test
  void aBreachCanTakeARampBackByAStepAndTheSameCallsDoNotTakeItFurther() {
    try (Service service =
        service(
            Service.RAMP,
            GUARD + "error-rate",
            "10%",
            GUARD + "on-breach",
            "step",
            "fluxbridge.ramp.text-to-image.steps",
            "25,50,100")) {
      service.steering.up(Task.TEXT_TO_IMAGE, "fal", "anna", "it looks good");
      service.tick();
      assertThat(service.share()).isEqualTo(50_000_000);
      service.fails(40);
      service.tick();
      assertThat(service.share()).isEqualTo(25_000_000);
      service.lives(Duration.ofSeconds(5));
      assertThat(service.share()).isEqualTo(25_000_000);

      // those were under way when it was taken back
      for (int i = 0; i < 40; i++) {
        service.sees(
            Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.UNAVAILABLE, Duration.ofSeconds(20)));
      }
      service.tick();
      assertThat(service.share()).isEqualTo(25_000_000);

      service.fails(20);
      service.tick();
      assertThat(service.share()).isZero();
      assertThat(service.events(RolledBack.class)).hasSize(2);
    }
  }

  @Test
  void withoutACoolDownItStaysThereUntilAPersonReleasesIt() {
    try (Service service =
        service(
            Service.RAMP,
            GUARD + "error-rate",
            "10%",
            "fluxbridge.ramp.text-to-image.every",
            "PT1M")) {
      service.fails(20);
      service.tick();
      service.lives(Duration.ofMinutes(30));
      assertThat(service.share()).isZero();
      service.steering.release(Task.TEXT_TO_IMAGE, "fal", "anna", "fal mended it");
      service.lives(Duration.ofSeconds(2));
      assertThat(service.share()).as("from the first step again").isEqualTo(1_000_000);
    }
  }

  @Test
  void aCoolDownLetsItRiseToItsFirstStep() {
    try (Service service =
        service(Service.RAMP, GUARD + "error-rate", "10%", GUARD + "cool-down", "PT5M")) {
      service.steering.up(Task.TEXT_TO_IMAGE, "fal", "anna", "it looks good");
      service.tick();
      service.fails(20);
      service.tick();
      assertThat(service.events(RolledBack.class).get(0).rises()).isPresent();
      service.lives(Duration.ofSeconds(299));
      assertThat(service.share()).isZero();
      service.lives(Duration.ofSeconds(2));
      assertThat(service.share()).isEqualTo(1_000_000);
      assertThat(service.events(Released.class)).hasSize(1);
    }
  }

  @Test
  void shadowsThatStillFailKeepItDownAfterTheCoolDown() {
    try (Service service =
        service(
            Service.RAMP,
            GUARD + "error-rate",
            "10%",
            GUARD + "cool-down",
            "PT1M",
            GUARD + "window",
            "PT1M")) {
      service.fails(20);
      service.tick();
      for (int i = 0; i < 120; i++) {
        Outcome shadow = Outcome.drawn(Task.TEXT_TO_IMAGE, "fal", FAST).asShadow();
        service.sees(
            i % 11 == 0
                ? Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.TIMEOUT, FAST).asShadow()
                : shadow);
        service.lives(Duration.ofSeconds(1));
      }
      assertThat(service.share()).as("nine percent is not clear of ten").isZero();
      for (int i = 0; i < 75; i++) {
        service.sees(Outcome.drawn(Task.TEXT_TO_IMAGE, "fal", FAST).asShadow());
        service.lives(Duration.ofSeconds(1));
      }
      assertThat(service.share()).isEqualTo(1_000_000);
    }
  }
}
