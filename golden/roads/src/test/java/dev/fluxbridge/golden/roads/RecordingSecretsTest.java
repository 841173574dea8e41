package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.pipelines.FluxInpaintPipeline;
import dev.fluxbridge.providers.ImageResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in no recording, and goes nowhere while one is made. */
class RecordingSecretsTest {
  private Runs runs = new Runs(Path.of(""));

  @BeforeEach
  void open(@TempDir Path folder) {
    runs = new Runs(folder.resolve("recordings"));
    runs.open();
  }

  @AfterEach
  void putBack() {
    runs.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void noSecretStandsInARecording(String road) throws IOException {
    try (StandIn provider = new StandIn(road.equals("fal") ? Calls.CIRCLE : Calls.LARGE)) {
      runs.record(
          road,
          provider,
          open -> {
            Calls.circle(open);
            return Calls.edit(open);
          });
      assertThat(Runs.texts(runs.folder(road)))
          .doesNotContain("canary")
          .doesNotContain("Authorization")
          .doesNotContain("127.0.0.1")
          .contains(Calls.PROMPT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void noKeyTravelsInTheClear(String road) {
    RoadSettings clear =
        new RoadSettings(
            Map.of("fluxbridge.fal.queue-url", "http://queue.example"),
            Map.of("OPENAI_BASE_URL", "http://api.example/v1"));
    assertThatThrownBy(() -> runs.record(road, clear, Calls::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("must begin with https://, because the key goes there");
  }

  @Test
  void aSecretThatATestAsksForIsNotRecorded() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      assertThatThrownBy(
              () ->
                  runs.record("fal", fal, road -> Calls.circle(road, "draw " + StandIn.FAL_KEY, 7)))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("mappings/01-post-fal-queue-fal-ai-flux-dev.json would hold ")
          .hasMessageNotContaining("canary");
    }
    assertThat(runs.recordings()).doesNotExist();
  }

  @Test
  void picturesInARequestAndQueriesOfAddressesAreNotRecorded() throws IOException {
    Function<OpenRoad, ImageResult> inline =
        road -> {
          FluxInpaintPipeline pipe =
              FluxInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge());
          pipe.loadLoraWeights("https://loras.example/style.safetensors?token=canary-lora-token");
          return pipe.call(Calls.edit()).result();
        };
    ImageResult recorded;
    Map<String, String> properties;
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      properties = new TreeMap<>(fal.properties());
      properties.put("fluxbridge.fal.inline-up-to", "100000");
      recorded = runs.record("fal", new RoadSettings(properties, fal.environment()), inline);
      assertThat(fal.submitted()).singleElement().asString().contains("data:image/png;base64,");
    }
    assertThat(Runs.texts(runs.folder("fal")))
        .doesNotContain("canary")
        .doesNotContain("base64")
        .contains("\"https://loras.example/style.safetensors\"")
        .contains("picture of 64x64");
    assertThat(runs.run("fal", new RoadSettings(properties, Map.of()), inline).images())
        .isEqualTo(recorded.images());
  }

  @Test
  void promptsAreHiddenWhereThatIsAskedForAndStillHaveToBeTheSame() throws IOException {
    runs.switches().set("golden.prompts", "false");
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, Calls::circle);
    }
    runs.switches().set("golden.prompts", "true");

    assertThat(Runs.texts(runs.folder("fal")))
        .doesNotContain("secret as can be")
        .contains("\"sha256:");
    assertThat(runs.replay("fal", Calls::circle).images()).hasSize(1);
    assertThatThrownBy(() -> runs.replay("fal", road -> Calls.circle(road, "a blue fox", 7)))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("`prompt` is another")
        .hasMessageNotContaining("blue fox");
  }
}
