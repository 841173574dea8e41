package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A road that is neither good nor bad stays where it is. */
class HysteresisTest {
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final String GUARD = "fluxbridge.guard.text-to-image.";
  private static final String RAMP = "fluxbridge.ramp.text-to-image.";

  /** Values hover around their limit: so many of twenty calls fail, 85 to 105 percent of 20 %. */
  @Property(tries = 8)
  void aValueThatHoversAroundItsLimitNeverLetsItRise(
      @ForAll @Size(40) List<@IntRange(min = 17, max = 21) Integer> failuresOfHundred) {
    try (TestStore fresh = TestStore.sqlite();
        Service service =
            new Service(
                new FakeTime(),
                fresh.flags(
                    RAMP + "steps", "25,50,100",
                    RAMP + "every", "PT30S",
                    GUARD + "window", "PT30S",
                    GUARD + "min-samples", "100",
                    GUARD + "on-breach", "step",
                    GUARD + "cool-down", "PT30S",
                    GUARD + "error-rate", "20%"),
                Service.RAMP)) {
      service.tick();
      service.steering.up(TASK, "fal", "anna", "x");
      service.steering.up(TASK, "fal", "anna", "x");
      service.tick();
      service.draws(79);
      service.fails(21);
      service.tick();
      long before = service.share();
      assertThat(before).isEqualTo(50_000_000);
      for (int failures : failuresOfHundred) {
        service.draws(100 - failures);
        service.fails(failures);
        service.time.passes(Duration.ofSeconds(5));
        service.tick();
        assertThat(service.share()).isLessThanOrEqualTo(before);
        before = service.share();
        if (before == 0) {
          // from nothing it rises without evidence, after a time that doubles
          return;
        }
      }
    }
  }
}
