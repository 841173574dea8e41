package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.providers.ImageResult;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through the whole stack that are answered from a recording. */
class ReplayTest {
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
  void aReplayGivesTheSameResultWithoutTheProvider() throws IOException {
    ImageResult recorded;
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      fal.dawdle();
      recorded = runs.record("fal", fal, Calls::circle);
      assertThat(fal.billed()).hasSize(1);
      assertThat(fal.keysAtStrangers()).isEmpty();
    }
    ImageResult replayed = runs.replay("fal", Calls::circle);

    assertThat(Calls.picture(replayed)).isEqualTo(Calls.picture(recorded));
    assertThat(replayed.images()).isEqualTo(recorded.images());
    assertThat(replayed.cost()).isEqualTo(recorded.cost());
    assertThat(replayed.seeds()).isEqualTo(recorded.seeds());
    assertThat(replayed.provenance().requestIds()).containsExactly("job-0001");
    // Nobody waits for what was waited for already.
    assertThat(Runs.texts(runs.folder("fal"))).contains("COMPLETED").doesNotContain("IN_PROGRESS");
  }

  @Test
  void openaiIsReplayedToo() throws IOException {
    ImageResult recorded;
    try (StandIn openai = new StandIn(Calls.LARGE)) {
      recorded = runs.record("openai", openai, Calls::circle);
      assertThat(openai.billed()).containsExactly("/v1/images/generations");
    }
    assertThat(runs.replay("openai", Calls::circle).images()).isEqualTo(recorded.images());
    assertThat(Runs.files(runs.folder("openai")).keySet())
        .containsExactly(
            "__files/picture-1.png",
            "mappings/01-post-openai-images-generations.json",
            "recording.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void editsWithTheirUploadsAreReplayed(String road) throws IOException {
    ImageResult recorded;
    try (StandIn provider = new StandIn(road.equals("fal") ? Calls.CIRCLE : Calls.LARGE)) {
      recorded = runs.record(road, provider, Calls::edit);
      assertThat(provider.billed()).hasSize(1);
      assertThat(provider.keysAtStrangers()).isEmpty();
    }
    // Which file takes which slot is chance, so once is no proof.
    for (int i = 0; i < 5; i++) {
      assertThat(runs.replay(road, Calls::edit).images()).isEqualTo(recorded.images());
    }
    assertThat(Runs.texts(runs.folder(road)))
        .containsPattern("picture of (64x64|816x816), 4 channels, pixels sha256:");
  }

  @Test
  void anUploadIsKnownByWhatItHoldsAndNotByItsTurn() throws IOException {
    Function<OpenRoad, List<String>> redFirst =
        road -> List.of(Calls.redraw(road, Color.RED), Calls.redraw(road, Color.BLUE));
    Function<OpenRoad, List<String>> blueFirst =
        road -> List.of(Calls.redraw(road, Color.BLUE), Calls.redraw(road, Color.RED));
    List<String> recorded;
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      recorded = runs.record("fal", fal, redFirst);
    }
    assertThat(runs.replay("fal", blueFirst)).containsExactly(recorded.get(1), recorded.get(0));
    assertThatThrownBy(
            () ->
                runs.replay(
                    "fal",
                    road ->
                        List.of(Calls.redraw(road, Color.RED), Calls.redraw(road, Color.GREEN))))
        .hasMessageContaining("PUT /slot/2: `file` is another");
  }

  @Test
  void aCallWithoutASeedIsTheSameCallInEachRun() throws IOException {
    Function<OpenRoad, ImageResult> unseeded =
        road ->
            FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
                .call(new FluxArguments().prompt(Calls.PROMPT).height(64).width(64))
                .result();
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, unseeded);
    }
    assertThat(runs.replay("fal", unseeded).images()).hasSize(1);
  }

  @Test
  void whatWasNotRecordedIsRefusedWithWhatDiffersAndSentToNobody() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, Calls::circle);
      assertThatThrownBy(
              () -> runs.run("fal", fal.settings(), road -> Calls.circle(road, Calls.PROMPT, 8)))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining(
              "POST /fal-queue/fal-ai/flux/dev: `seed` is 8 and was 7 (mappings/01-")
          .hasMessageContaining("mvn test -Dtest=CirclesTest -Dgolden.live=redCircle")
          .hasMessageNotContaining(Calls.PROMPT);
      assertThatThrownBy(() -> runs.run("fal", fal.settings(), Calls::edit))
          .hasMessageContaining(
              "nothing like it was recorded, only POST /fal-queue/fal-ai/flux/dev");
      assertThat(fal.billed()).hasSize(1);
    }
  }

  @Test
  void aCallIsAnsweredAsOftenAsItWasRecorded() throws IOException {
    Function<OpenRoad, List<String>> twice =
        road ->
            List.of(
                Calls.circle(road).provenance().requestIds().get(0),
                Calls.circle(road).provenance().requestIds().get(0));
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      assertThat(runs.record("fal", fal, twice)).containsExactly("job-0001", "job-0002");
    }
    assertThat(runs.replay("fal", twice)).containsExactly("job-0001", "job-0002");
    assertThat(Runs.files(runs.folder("fal")).keySet())
        .filteredOn(name -> name.startsWith("__files"))
        .containsExactly("__files/picture-1.jpeg");
    assertThatThrownBy(
            () ->
                runs.replay(
                    "fal",
                    road -> {
                      var unused = twice.apply(road);
                      return Calls.circle(road);
                    }))
        .hasMessageContaining("recorded 2 times, and is asked once more");
  }

  @Test
  void aCallThatWasCaughtInTheTestIsToldAllTheSame() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, Calls::circle);
    }
    assertThatThrownBy(
            () ->
                runs.replay(
                    "fal",
                    road -> {
                      try {
                        return Calls.circle(road, Calls.PROMPT, 8);
                      } catch (RuntimeException swallowed) {
                        return null;
                      }
                    }))
        .hasMessageContaining("`seed` is 8 and was 7");
  }

  @Test
  void withoutARecordingItIsSaidHowToMakeOne() {
    assertThatThrownBy(() -> runs.replay("fal", Calls::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("there is no recording of the road 'fal' for 'redCircle'")
        .hasMessageContaining("-Dgolden.live=redCircle");
  }

  @Test
  void aDamagedRecordingNamesTheFile() throws IOException {
    try (StandIn fal = new StandIn(Calls.CIRCLE)) {
      runs.record("fal", fal, Calls::circle);
    }
    Path head = runs.folder("fal").resolve("recording.json");
    Path mapping = runs.folder("fal").resolve("mappings/01-post-fal-queue-fal-ai-flux-dev.json");
    Path body = runs.folder("fal").resolve("__files/picture-1.jpeg");

    refused(head, text -> text.replace("\"schema\": 1", "\"schema\": 2"), "is of schema 2, and 1");
    refused(head, text -> text.replace("\"fal\"", "\"openai\""), "'road' that is not 'fal'");
    refused(head, text -> "{}", "is of schema");
    refused(head, text -> "", "is empty or no object");
    refused(mapping, text -> text.substring(0, text.length() / 2), "is no JSON at line");
    refused(mapping, text -> "{\"name\": \"x\"}", "has no name, request.method");
    refused(
        body, text -> text.substring(0, text.length() / 2), "is not the file that was recorded");
    missing(head);
    missing(mapping);
    missing(body);
    Path stranger = Files.writeString(runs.folder("fal").resolve("mappings/99.json"), "{}");
    assertThatThrownBy(() -> runs.replay("fal", Calls::circle))
        .hasMessageContaining(stranger.toString())
        .hasMessageContaining("does not belong to the recording");
    Files.delete(stranger);
    assertThat(runs.replay("fal", Calls::circle).images()).hasSize(1);
  }

  private void refused(Path file, Function<String, String> damage, String why) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    String damaged = damage.apply(new String(whole, StandardCharsets.ISO_8859_1));
    Files.write(file, damaged.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> runs.replay("fal", Calls::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    Files.write(file, whole);
  }

  private void missing(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(() -> runs.replay("fal", Calls::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file + " is missing");
    Files.write(file, whole);
  }
}
