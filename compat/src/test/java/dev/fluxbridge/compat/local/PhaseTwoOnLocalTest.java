package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseTwoOnLocalTest {
  private static final FluxArguments CALL =
      new FluxArguments().prompt("a red circle").height(64).width(64).numInferenceSteps(1);

  private static Fluxbridge roads(String phase) {
    return Fluxbridge.of(
        Settings.of(
            Map.of(
                Settings.PHASE,
                phase,
                Settings.LOCAL_CHECKPOINT,
                "embedded",
                "fluxbridge.route.text-to-image",
                "local"),
            Map.of(),
            Map.of()));
  }

  @Test
  void eachPlaceThatStillDrawsHereIsToldOnceAndNotOnceForEachCall() {
    try (Fluxbridge roads = roads("2")) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("any", roads);
      for (int i = 0; i < 2; i++) {
        pipe.call(CALL);
      }
      pipe.call(CALL.prompt("a blue square"));
      assertThat(roads.deprecatedPlaces())
          .hasSize(2)
          .allMatch(place -> place.contains("PhaseTwoOnLocalTest.") && place.contains(".java:"));
    }
  }

  @Test
  void nothingIsDeprecatedInTheFirstPhase() {
    try (Fluxbridge roads = roads("1")) {
      FluxPipeline.fromPretrained("any", roads).call(CALL);
      assertThat(roads.deprecatedPlaces()).isEmpty();
    }
  }
}
