package dev.fluxbridge.legacy.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden numbers come from the real FlowMatchEulerDiscreteScheduler. */
class FlowMatchEulerSchedulerTest {
  private static final String DEV =
      """
      {"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0, "base_shift": 0.5,
       "max_shift": 1.15, "base_image_seq_len": 256, "max_image_seq_len": 4096,
       "num_train_timesteps": 1000, "use_dynamic_shifting": true}
      """;

  @Test
  void movesTheScheduleOfDevWithTheSizeOfThePicture(@TempDir Path part) throws IOException {
    FlowMatchEulerScheduler dev = load(part, DEV);
    assertThat(sigmas(dev, 4, 4096))
        .containsExactly(
            new float[] {1, 0.90453076f, 0.75951093f, 0.51284415f, 0}, within(1.2e-7f));
    assertThat(sigmas(dev, 4, 1024))
        .containsExactly(new float[] {1, 0.8492348f, 0.6524894f, 0.38494474f, 0}, within(1.2e-7f));
    float[] many = sigmas(dev, 28, 4096);
    assertThat(many[1]).isCloseTo(0.9884086f, within(1.2e-7f));
    assertThat(many[27]).isCloseTo(0.104721f, within(1.2e-7f));
    assertThat(dev.mu(2304)).isCloseTo(0.846667, within(1e-6));
  }

  @Test
  void leavesTheScheduleOfSchnellEven(@TempDir Path part) throws IOException {
    FlowMatchEulerScheduler schnell =
        load(part, "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\", \"shift\": 1.0}");
    assertThat(sigmas(schnell, 4, 4096)).containsExactly(1, 0.75f, 0.5f, 0.25f, 0);
    assertThat(sigmas(schnell, 1, 4096)).containsExactly(1, 0);
  }

  @Test
  void countsTimestepsToAThousand(@TempDir Path part) throws IOException {
    FlowMatchEulerScheduler.Schedule schedule = load(part, DEV).schedule(List.of(1.0, 0.5), 256);
    assertThat(schedule.steps()).isEqualTo(2);
    assertThat(schedule.timestep(0)).isEqualTo(1000);
  }

  @Test
  void refusesASchedulerThatItDoesNotCompute(@TempDir Path part) {
    assertThatThrownBy(
            () -> load(part, DEV.replace("\"shift\"", "\"use_karras_sigmas\": true, \"shift\"")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("scheduler_config.json")
        .hasMessageContaining("use_karras_sigmas");
    assertThatThrownBy(() -> load(part, DEV.replace("FlowMatchEuler", "FlowMatchHeun")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("FlowMatchHeunDiscreteScheduler");
  }

  private static FlowMatchEulerScheduler load(Path part, String json) throws IOException {
    Files.writeString(part.resolve("scheduler_config.json"), json);
    return FlowMatchEulerScheduler.load(part);
  }

  private static float[] sigmas(FlowMatchEulerScheduler scheduler, int steps, int tokens) {
    FlowMatchEulerScheduler.Schedule schedule =
        scheduler.schedule(FlowMatchEulerScheduler.evenSigmas(steps), tokens);
    float[] sigmas = new float[steps + 1];
    for (int i = 0; i <= steps; i++) {
      sigmas[i] = schedule.sigma(i);
    }
    return sigmas;
  }
}
