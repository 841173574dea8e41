package dev.fluxbridge.legacy.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** tools/reference/sigmas.py made the numbers with diffusers' own scheduler. */
class GoldenSigmasTest {
  private static final float ONE_BIT = 1.2e-7f;

  @TestFactory
  Stream<DynamicTest> stepsThroughTheNoiseLevelsOfDiffusers(@TempDir Path part) {
    return StreamSupport.stream(Golden.json("sigmas.json").path("cases").spliterator(), false)
        .map(
            c ->
                DynamicTest.dynamicTest(
                    "%s, %s tokens, %s steps"
                        .formatted(c.path("config"), c.path("tokens"), c.path("steps")),
                    () -> check(c, part)));
  }

  private static void check(JsonNode golden, Path part) throws IOException {
    ObjectNode config = golden.path("config").deepCopy();
    config.put("_class_name", "FlowMatchEulerDiscreteScheduler");
    Files.writeString(part.resolve("scheduler_config.json"), config.toString());
    FlowMatchEulerScheduler scheduler = FlowMatchEulerScheduler.load(part);

    List<Double> sigmas = new ArrayList<>();
    golden.path("own_sigmas").forEach(sigma -> sigmas.add(sigma.asDouble()));
    if (sigmas.isEmpty()) {
      sigmas.addAll(FlowMatchEulerScheduler.evenSigmas(golden.path("steps").asInt()));
    }
    int tokens = golden.path("tokens").asInt();
    assertThat(scheduler.mu(tokens)).isCloseTo(golden.path("mu").asDouble(), within(1e-12));
    FlowMatchEulerScheduler.Schedule schedule = scheduler.schedule(sigmas, tokens);
    assertThat(schedule.steps()).isEqualTo(golden.path("steps").asInt());
    for (int i = 0; i <= schedule.steps(); i++) {
      float wanted = golden.path("sigmas").get(i).floatValue();
      assertThat(schedule.sigma(i)).as("sigma %d", i).isCloseTo(wanted, within(ONE_BIT));
    }
    for (int i = 0; i < schedule.steps(); i++) {
      float wanted = golden.path("timesteps").get(i).floatValue();
      assertThat(schedule.timestep(i)).as("timestep %d", i).isCloseTo(wanted, within(1.3e-4f));
    }
    try (NDManager manager = NativeEngine.newManager()) {
      float[] stepped =
          schedule
              .step(Waves.of(manager, Math::cos, 8), 0, Waves.of(manager, Math::sin, 8))
              .toFloatArray();
      for (int i = 0; i < stepped.length; i++) {
        float wanted = golden.path("first_step_of_sin_along_cos").get(i).floatValue();
        assertThat(stepped[i]).isCloseTo(wanted, within(2.4e-7f));
      }
    }
  }
}
