package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole story of a ramp whose new road starts failing, in time of its own. */
class ScriptedRampTest {
  private static final Duration TOOK = Duration.ofMillis(700);

  @Test
  void atHalfOfTheCallsTheNewRoadStartsFailingAndTheRampIsBackAtNothing(@TempDir Path folder) {
    FakeTime time = new FakeTime();
    Flags flags =
        Flags.of(
            "fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve("state.db"),
            "fluxbridge.ramp.text-to-image.steps", "50,100",
            "fluxbridge.guard.text-to-image.window", "PT1M",
            "fluxbridge.guard.text-to-image.error-rate", "5%",
            "fluxbridge.guard.text-to-image.min-samples", "20");
    try (Service service = new Service(time, flags, Service.RAMP)) {
      Random random = new Random(6);
      int affected = 0;
      service.tick();
      assertThat(service.share()).isEqualTo(50_000_000);

      // ten calls a second; from the thirtieth second on the new road fails all of them
      for (int call = 0; call < 900; call++) {
        boolean broken = call >= 300;
        boolean toNew = random.nextLong(100_000_000) < service.share();
        if (toNew && broken) {
          affected++;
          service.sees(
              Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.UNAVAILABLE, Duration.ZERO));
          service.controller.react();
        } else {
          service.sees(Outcome.drawn(Task.TEXT_TO_IMAGE, toNew ? "fal" : "local", TOOK));
        }
        time.passes(Duration.ofMillis(100));
        if (call % 10 == 9) {
          service.tick();
        }
      }

      assertThat(service.share()).isZero();
      assertThat(service.events(RolledBack.class)).hasSize(1);
      RolledBack back = service.events(RolledBack.class).get(0);
      assertThat(back.from()).isEqualTo(50_000_000);
      assertThat(back.to()).isZero();
      assertThat(back.breach().metric()).isEqualTo(Metric.ERROR_RATE);
      // about 150 good ones on the new road before, so the ninth failure is above five percent
      assertThat(affected).isEqualTo((int) back.breach().affected()).isBetween(6, 12);
      RolloutState state = service.steering.state();
      assertThat(state.roads().get(0).hold()).isEqualTo(Hold.BREACH);
      assertThat(state.events().get(0).text())
          .contains("from 50 % to 0 %", "error-rate", affected + " callers affected");
    }
  }
}
