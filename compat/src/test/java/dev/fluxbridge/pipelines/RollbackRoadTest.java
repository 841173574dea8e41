package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.OpenAiOnLoopback;
import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scripted run through the whole stack, sockets and database included: a ramp is at 50 %, the new
 * road starts to fail, and the ramp is back at 0.
 */
class RollbackRoadTest {
  private static final FluxArguments CALL =
      new FluxArguments().prompt("a cat").height(1024).width(1024);

  private final BlockingQueue<RolloutEvent> events = new LinkedBlockingQueue<>();

  private Settings settings(FalOnLoopback fal, OpenAiOnLoopback openai, Path folder) {
    Map<String, String> properties = new HashMap<>(fal.properties());
    properties.put("fluxbridge.route.text-to-image", "openai->fal");
    properties.put("fluxbridge.ramp.text-to-image.steps", "50,100");
    properties.put("fluxbridge.guard.text-to-image.error-rate", "20%");
    properties.put("fluxbridge.guard.text-to-image.min-samples", "10");
    properties.put("fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve("state.db"));
    Map<String, String> environment = new HashMap<>(openai.environment());
    environment.put("FAL_KEY", "loopback:key");
    return Settings.of(properties, environment, Map.of());
  }

  private Fluxbridge open(Settings settings) {
    CallObserver observer =
        new CallObserver() {
          @Override
          public Call begins(Decision decision, int phase) {
            return Call.NONE;
          }

          @Override
          public void happened(RolloutEvent event) {
            events.add(event);
          }
        };
    return Fluxbridge.builder(settings).observer(observer).build();
  }

  private <E extends RolloutEvent> E await(Class<E> kind) throws InterruptedException {
    while (true) {
      RolloutEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("no " + kind.getSimpleName()).isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  @Test
  void aRoadThatStartsToFailAtHalfOfTheCallsIsBackAtNone(@TempDir Path folder) throws Exception {
    try (FalOnLoopback fal = new FalOnLoopback();
        OpenAiOnLoopback openai = new OpenAiOnLoopback();
        Fluxbridge roads = open(settings(fal, openai, folder))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      await(RolloutEvent.Began.class);
      Map<String, Integer> served = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        served.merge(backend(pipe.call(CALL.routingKey("user-" + i))), 1, Integer::sum);
      }
      assertThat(served.get("fal")).isBetween(20, 40);

      fal.refusing();
      List<BackendException> failed = new ArrayList<>();
      for (int i = 60; i < 260 && events.stream().noneMatch(RolledBack.class::isInstance); i++) {
        try {
          pipe.call(CALL.routingKey("user-" + i));
        } catch (BackendException e) {
          failed.add(e);
        }
      }
      RolledBack back = await(RolledBack.class);
      assertThat(back.to()).isZero();
      assertThat(back.from()).isEqualTo(50_000_000);
      assertThat(failed).isNotEmpty().hasSizeBetween(5, 20);
      assertThat(back.breach().affected()).isBetween(5L, (long) failed.size());
      System.out.printf(
          "rolled back after %d affected calls: %s%n", back.breach().affected(), back.text());

      for (int i = 0; i < 20; i++) {
        Decision decision = roads.decide(Task.TEXT_TO_IMAGE, "user-" + i);
        assertThat(decision.backend()).isEqualTo("openai");
      }
      FluxPipelineOutput held = pipe.call(CALL.routingKey(heldKey(roads)));
      assertThat(decision(held).because()).contains("fal is held at 0 %");

      RoadState road = roads.steering().state().roads().get(0);
      assertThat(road.share()).isZero();
      assertThat(road.why()).isEqualTo(back.breach().text());
    }
  }

  private static String heldKey(Fluxbridge roads) {
    for (int i = 0; ; i++) {
      if (roads.decide(Task.TEXT_TO_IMAGE, "user-" + i).cause() == Cause.HELD) {
        return "user-" + i;
      }
    }
  }

  @Test
  void whatWasRolledBackStaysBackAfterARestartAndComesBackWhenAPersonReleasesIt(
      @TempDir Path folder) throws Exception {
    try (FalOnLoopback fal = new FalOnLoopback();
        OpenAiOnLoopback openai = new OpenAiOnLoopback()) {
      Settings settings = settings(fal, openai, folder);
      try (Fluxbridge roads = open(settings)) {
        await(RolloutEvent.Began.class);
        assertThat(roads.steering().zero(Task.TEXT_TO_IMAGE, "fal", "me", "a drill")).isNotNull();
      }
      try (Fluxbridge roads = open(settings)) {
        for (int i = 0; i < 20; i++) {
          assertThat(roads.decide(Task.TEXT_TO_IMAGE, "user-" + i).backend()).isEqualTo("openai");
        }
        assertThat(roads.steering().release(Task.TEXT_TO_IMAGE, "fal", "me", "over")).isNotNull();
        String key = null;
        long start = System.nanoTime();
        while (key == null && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
          for (int i = 0; i < 20; i++) {
            if (roads.decide(Task.TEXT_TO_IMAGE, "user-" + i).backend().equals("fal")) {
              key = "user-" + i;
            }
          }
          Thread.onSpinWait();
        }
        assertThat(key).isNotNull();
      }
    }
  }

  private static Decision decision(FluxPipelineOutput output) {
    return output.result().provenance().decision().orElseThrow();
  }

  private static String backend(FluxPipelineOutput output) {
    return output.result().provenance().backend();
  }
}
