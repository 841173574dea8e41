package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded, and what becomes of the recording that was there. */
class RecordingTest {
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

  @Test
  void whatCameToSomethingAtTheSecondTryIsRecordedAsIfItHadAtTheFirst() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      fal.refuse(429);
      runs.record("fal", fal, Calls::circle);
      assertThat(fal.billed()).hasSize(1);
    }
    assertThat(Runs.texts(runs.folder("fal"))).doesNotContain("429");
    assertThat(runs.replay("fal", Calls::circle).images()).hasSize(1);
  }

  @Test
  void picturesInRepliesAreFilesAndComeBackAsTheyWere() throws IOException {
    String png = Base64.getEncoder().encodeToString(Calls.LARGE);
    JsonNode reply =
        Text.JSON.readTree(
            """
            {"data": [{"b64_json": "%1$s"}, {"b64_json": "%1$s"}], "url": "data:image/png;base64,%1$s"}"""
                .formatted(png));
    Bodies bodies = new Bodies();
    JsonNode kept = bodies.kept("", reply);

    assertThat(bodies.files().keySet()).containsExactly("picture-1.png");
    assertThat(kept.toString())
        .doesNotContain(png.substring(0, 100))
        .contains("file:picture-1.png");
    assertThat(Bodies.whole("", kept, bodies.files())).isEqualTo(reply);
  }

  @Test
  void whatFailsLeavesTheOldRecordingAsItWas() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, Calls::circle);
      Map<String, byte[]> before = Runs.files(runs.recordings());

      fal.refuse(422);
      assertThatThrownBy(() -> runs.record("fal", fal, Calls::circle))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("what was there is unchanged")
          .hasMessageContaining("POST /fal-queue/fal-ai/flux/dev: the provider answered 422");
      assertThatThrownBy(
              () ->
                  runs.record(
                      "fal",
                      fal,
                      road -> {
                        throw new IllegalStateException("the test's own fault");
                      }))
          .hasMessageContaining("the test's own fault");
      assertThat(Runs.files(runs.recordings())).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void aFailureThatTheTestSwallowsIsNotRecordedEither() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      assertThatThrownBy(
              () ->
                  runs.record(
                      "fal",
                      fal,
                      road -> {
                        ImageResult drawn = Calls.circle(road);
                        fal.refuse(422);
                        try {
                          return Calls.circle(road, Calls.PROMPT, 8);
                        } catch (RuntimeException swallowed) {
                          return drawn;
                        }
                      }))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("the provider answered 422");
    }
    assertThat(runs.recordings()).doesNotExist();
  }

  @Test
  void aTestThatFailsItsComparisonKeepsWhatWasPaidFor() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      assertThatThrownBy(
              () ->
                  runs.record(
                      "fal",
                      fal,
                      road -> {
                        Calls.circle(road);
                        throw new AssertionError("not the golden");
                      }))
          .hasMessage("not the golden");
    }
    assertThat(runs.replay("fal", Calls::circle).images()).hasSize(1);
  }

  @Test
  void aNewRecordingReplacesTheOldOneAsAWhole() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record(
          "fal",
          fal,
          road -> {
            Calls.circle(road);
            return Calls.circle(road, Calls.PROMPT, 8);
          });
      int before = Runs.files(runs.folder("fal")).size();
      runs.record("fal", fal, Calls::circle);

      assertThat(Runs.files(runs.folder("fal"))).hasSizeLessThan(before);
      try (Stream<Path> beside = Files.list(runs.folder("fal").resolve(".."))) {
        assertThat(beside.map(path -> path.getFileName().toString())).containsExactly("fal");
      }
    }
  }

  @Test
  void whatMayHaveBeenAcceptedIsNotSentAgain() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      fal.cut();
      assertThatThrownBy(() -> runs.record("fal", fal, Calls::circle))
          .hasMessageContaining("nothing was recorded");
      assertThat(fal.billed()).hasSize(1);
    }
    assertThat(runs.recordings()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void withoutAKeyNothingIsRecordedAndItIsSaidWhichOneIsMissing(String road) throws IOException {
    try (StandIn provider = new StandIn(Calls.CIRCLE)) {
      Map<String, String> environment = provider.environment();
      environment.remove("FAL_KEY");
      environment.remove("OPENAI_API_KEY");
      RoadSettings keyless = new RoadSettings(provider.properties(), environment);
      assertThatThrownBy(() -> runs.record(road, keyless, Calls::circle))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining(road.equals("fal") ? "set FAL_KEY" : "OPENAI_API_KEY")
          .hasMessageContaining("-Dgolden.live asks the provider itself");
      assertThat(provider.billed()).isEmpty();
    }
  }

  @Test
  void aRecordingThatIsTooLargeIsNotWritten() throws IOException {
    runs.switches().set("golden.file-megabytes", "1");
    byte[] noisy = new byte[1100 * 1100 * 3];
    new java.util.Random(1).nextBytes(noisy);
    try (StandIn fal = new StandIn(Pictures.png(new Bitmap(1100, 1100, 3, noisy)))) {
      assertThatThrownBy(() -> runs.record("fal", fal, Calls::circle))
          .hasMessageContaining("__files/picture-1.png is larger than what is kept with sources")
          .hasMessageContaining("-Dgolden.file-megabytes");
    }
    assertThat(runs.recordings()).doesNotExist();
  }
}
