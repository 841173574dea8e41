package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.RoutingKey;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flags, routing keys and the kill switch through the whole stack, with two hosted roads. */
class FlagsRoadTest {
  private static final String ROUTE = "fluxbridge.route.text-to-image";
  private static final FluxArguments CALL =
      new FluxArguments().prompt("a cat").height(1024).width(1024);

  private final FalOnLoopback fal = new FalOnLoopback();

  @AfterEach
  void stop() {
    fal.close();
  }

  private static Decision decision(FluxPipelineOutput output) {
    return output.result().provenance().decision().orElseThrow();
  }

  @Test
  void aSplitKeepsAKeyOnItsRoadWhetherGivenOrBoundAndTheResultSaysWhy() throws Exception {
    try (Fluxbridge roads = Fluxbridge.of(fal.settings(Map.of(ROUTE, "fal=60,openai=40")))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      String key = keyOn(roads, "fal");
      Decision given = decision(pipe.call(CALL.routingKey(key)));
      assertThat(given.cause()).isEqualTo(Cause.SPLIT);
      assertThat(given.backend()).isEqualTo("fal");
      assertThat(decision(RoutingKey.call(key, () -> pipe.call(CALL)))).isEqualTo(given);
      assertThat(decision(pipe.call(Map.of("prompt", "a cat", "routing_key", key))))
          .isEqualTo(given);
      assertThat(given.because()).doesNotContain(key);
    }
  }

  private static String keyOn(Fluxbridge roads, String backend) {
    for (int i = 0; ; i++) {
      if (roads.decide(Task.TEXT_TO_IMAGE, "tenant-" + i).backend().equals(backend)) {
        return "tenant-" + i;
      }
    }
  }

  @Test
  void aRoutingKeyThatIsNoneIsAnError() {
    try (Fluxbridge roads = Fluxbridge.of(fal.settings(Map.of()))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      assertThatThrownBy(() -> pipe.call(CALL.routingKey(" ")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("`routing_key`");
      assertThatThrownBy(() -> pipe.call(Map.of("prompt", "a cat", "routing_key", 7)))
          .hasMessageContaining("`routing_key`");
    }
    assertThat(fal.submitted()).isEmpty();
  }

  @Test
  void theKillSwitchTurnsTheVeryNextCallAndIsTurnedBack() {
    Map<String, String> live = new HashMap<>(fal.properties());
    try (Fluxbridge roads =
        Fluxbridge.of(Settings.of(live, Map.of("FAL_KEY", "loopback:key"), Map.of()))) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      pipe.call(CALL);
      live.put(Settings.KILL_SWITCH, "refuse");
      assertThatThrownBy(() -> pipe.call(CALL))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      live.put(Settings.KILL_SWITCH, "fal");
      assertThat(decision(pipe.call(CALL)).cause()).isEqualTo(Cause.KILL_SWITCH);
      live.put(Settings.KILL_SWITCH, "off");
      assertThat(decision(pipe.call(CALL)).cause()).isEqualTo(Cause.FLAG);
    }
  }

  @Test
  void aFlagThatMakesNoSenseIsFoundAtTheStart() {
    assertThatThrownBy(() -> Fluxbridge.of(fal.settings(Map.of(ROUTE, "fal=60,openai=30"))))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("system property " + ROUTE)
        .hasMessageContaining("adds up to 90 %");
    assertThatThrownBy(() -> Fluxbridge.of(fal.settings(Map.of(Settings.KILL_SWITCH, "please"))))
        .hasMessageContaining("'please'");
    assertThatThrownBy(() -> Fluxbridge.of(fal.settings(Map.of(Settings.PHASE, "4"))))
        .hasMessageContaining("a phase is 1, 2 or 3");
  }

  @Test
  void anObserverSeesEachCallFromItsDecisionToItsEndAndCannotHarmIt() {
    List<String> seen = new ArrayList<>();
    CallObserver observer =
        (decision, phase) -> {
          seen.add("begins " + decision.backend());
          return new CallObserver.Call() {
            @Override
            public void ended(ImageResult result) {
              seen.add("ended " + result.provenance().requestIds());
              throw new IllegalStateException("a broken observer");
            }

            @Override
            public void failed(Throwable why) {
              seen.add("failed");
            }
          };
        };
    try (Fluxbridge roads = Fluxbridge.builder(fal.settings(Map.of())).observer(observer).build()) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      pipe.call(CALL);
      assertThatThrownBy(() -> pipe.call(CALL.outputType("latent")))
          .isInstanceOf(BackendException.class);
    }
    assertThat(seen).containsExactly("begins fal", "ended [r-1]", "begins fal", "failed");
  }
}
