package dev.fluxbridge.golden.roads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.Place;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxImg2ImgArguments;
import dev.fluxbridge.pipelines.FluxImg2ImgPipeline;
import dev.fluxbridge.pipelines.FluxInpaintArguments;
import dev.fluxbridge.pipelines.FluxInpaintPipeline;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.ImageResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls through the whole stack, recorded from stand-ins and replayed without them. */
class RecordingTest {
  private static final Place PLACE = new Place("com.example.CirclesTest", "redCircle");
  private static final String PROMPT = "a red circle, as secret as can be";
  private static final byte[] CIRCLE = Pictures.file(Pictures.circle(Color.RED, 64), "jpeg");
  private static final byte[] LARGE = Pictures.file(Pictures.circle(Color.RED, 816), "png");
  private static final RoadSettings NOWHERE = new RoadSettings(Map.of(), Map.of());

  private final Switches switches = new Switches();
  private Path recordings = Path.of("");

  @BeforeEach
  void open(@TempDir Path folder) {
    recordings = folder.resolve("recordings");
    switches.set("golden.recordings", recordings.toString());
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  private Path folder(String road) {
    return recordings.resolve("com.example.CirclesTest/redCircle").resolve(road);
  }

  private static ImageResult circle(OpenRoad road, String prompt, long seed) {
    return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(
            new FluxArguments()
                .prompt(prompt)
                .height(64)
                .width(64)
                .generator(new Generator().manualSeed(seed)))
        .result();
  }

  private static ImageResult circle(OpenRoad road) {
    return circle(road, PROMPT, 7);
  }

  private static ImageResult edit(OpenRoad road) {
    return FluxInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(edit())
        .result();
  }

  private static FluxInpaintArguments edit() {
    return new FluxInpaintArguments()
        .prompt(PROMPT)
        .image(Pictures.circle(Color.BLUE, 64))
        .maskImage(mask())
        .height(64)
        .width(64)
        .generator(new Generator().manualSeed(7));
  }

  private static BufferedImage mask() {
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 32 * 64; i++) {
      mask.setRGB(i % 64, i / 64, 0xffffff);
    }
    return mask;
  }

  /** As the extension runs a test. */
  private <T> T run(String road, RoadSettings settings, Function<OpenRoad, T> body) {
    try (OpenRoad open = OpenRoad.open(road, PLACE, settings)) {
      T result;
      try {
        result = body.apply(open);
      } catch (RuntimeException | AssertionError e) {
        tell(open.ended(e));
        throw e;
      }
      tell(open.ended(null));
      return result;
    }
  }

  private static void tell(Optional<RuntimeException> told) {
    if (told.isPresent()) {
      throw told.get();
    }
  }

  private <T> T record(String road, StandIn provider, Function<OpenRoad, T> body) {
    return record(road, provider.settings(), body);
  }

  private <T> T record(String road, RoadSettings settings, Function<OpenRoad, T> body) {
    switches.set("golden.live", "true");
    try {
      return run(road, settings, body);
    } finally {
      switches.set("golden.live", "false");
    }
  }

  private <T> T replay(String road, Function<OpenRoad, T> body) {
    return run(road, NOWHERE, body);
  }

  private static Bitmap picture(ImageResult result) {
    return Bitmaps.of(result.images().get(0));
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static String texts(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    files(folder)
        .forEach(
            (name, bytes) ->
                all.append(name)
                    .append('\n')
                    .append(new String(bytes, StandardCharsets.ISO_8859_1)));
    return all.toString();
  }

  @Test
  void aReplayGivesTheSameResultWithoutTheProvider() throws IOException {
    ImageResult recorded;
    try (StandIn fal = new StandIn(CIRCLE)) {
      fal.dawdle();
      recorded = record("fal", fal, RecordingTest::circle);
      assertThat(fal.billed()).hasSize(1);
      assertThat(fal.keysAtStrangers()).isEmpty();
    }
    ImageResult replayed = replay("fal", RecordingTest::circle);

    assertThat(picture(replayed)).isEqualTo(picture(recorded));
    assertThat(replayed.images()).isEqualTo(recorded.images());
    assertThat(replayed.cost()).isEqualTo(recorded.cost());
    assertThat(replayed.seeds()).isEqualTo(recorded.seeds());
    assertThat(replayed.provenance().requestIds()).containsExactly("job-0001");
    // Nobody waits for what was waited for already.
    assertThat(texts(folder("fal"))).contains("COMPLETED").doesNotContain("IN_PROGRESS");
  }

  @Test
  void openaiIsReplayedToo() throws IOException {
    ImageResult recorded;
    try (StandIn openai = new StandIn(LARGE)) {
      recorded = record("openai", openai, RecordingTest::circle);
      assertThat(openai.billed()).containsExactly("/v1/images/generations");
    }
    assertThat(replay("openai", RecordingTest::circle).images()).isEqualTo(recorded.images());
    assertThat(files(folder("openai")).keySet())
        .containsExactly(
            "__files/picture-1.png",
            "mappings/01-post-openai-images-generations.json",
            "recording.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void editsWithTheirUploadsAreReplayed(String road) throws IOException {
    ImageResult recorded;
    try (StandIn provider = new StandIn(road.equals("fal") ? CIRCLE : LARGE)) {
      recorded = record(road, provider, RecordingTest::edit);
      assertThat(provider.billed()).hasSize(1);
      assertThat(provider.keysAtStrangers()).isEmpty();
    }
    // Which file takes which slot is chance, so once is no proof.
    for (int i = 0; i < 5; i++) {
      assertThat(replay(road, RecordingTest::edit).images()).isEqualTo(recorded.images());
    }
    assertThat(texts(folder(road)))
        .containsPattern("picture of (64x64|816x816), 4 channels, pixels sha256:");
  }

  @Test
  void anUploadIsKnownByWhatItHoldsAndNotByItsTurn() throws IOException {
    Function<OpenRoad, List<String>> redFirst =
        road -> List.of(redraw(road, Color.RED), redraw(road, Color.BLUE));
    Function<OpenRoad, List<String>> blueFirst =
        road -> List.of(redraw(road, Color.BLUE), redraw(road, Color.RED));
    List<String> recorded;
    try (StandIn fal = new StandIn(CIRCLE)) {
      recorded = record("fal", fal, redFirst);
    }
    assertThat(replay("fal", blueFirst)).containsExactly(recorded.get(1), recorded.get(0));
    assertThatThrownBy(
            () ->
                replay("fal", road -> List.of(redraw(road, Color.RED), redraw(road, Color.GREEN))))
        .hasMessageContaining("PUT /slot/2: `file` is another");
  }

  /** The id of the request. */
  private static String redraw(OpenRoad road, Color colour) {
    return FluxImg2ImgPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
        .call(
            new FluxImg2ImgArguments()
                .prompt(PROMPT)
                .image(Pictures.circle(colour, 64))
                .height(64)
                .width(64)
                .generator(new Generator().manualSeed(7)))
        .result()
        .provenance()
        .requestIds()
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void noSecretStandsInARecording(String road) throws IOException {
    try (StandIn provider = new StandIn(road.equals("fal") ? CIRCLE : LARGE)) {
      record(
          road,
          provider,
          open -> {
            circle(open);
            return edit(open);
          });
      assertThat(texts(folder(road)))
          .doesNotContain("canary")
          .doesNotContain("Authorization")
          .doesNotContain("127.0.0.1")
          .contains(PROMPT);
    }
  }

  @Test
  void aCallWithoutASeedIsTheSameCallInEachRun() throws IOException {
    Function<OpenRoad, ImageResult> unseeded =
        road ->
            FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge())
                .call(new FluxArguments().prompt(PROMPT).height(64).width(64))
                .result();
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, unseeded);
    }
    assertThat(replay("fal", unseeded).images()).hasSize(1);
  }

  @Test
  void whatCameToSomethingAtTheSecondTryIsRecordedAsIfItHadAtTheFirst() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      fal.refuse(429);
      record("fal", fal, RecordingTest::circle);
      assertThat(fal.billed()).hasSize(1);
    }
    assertThat(texts(folder("fal"))).doesNotContain("429");
    assertThat(replay("fal", RecordingTest::circle).images()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void noKeyTravelsInTheClear(String road) {
    RoadSettings clear =
        new RoadSettings(
            Map.of("fluxbridge.fal.queue-url", "http://queue.example"),
            Map.of("OPENAI_BASE_URL", "http://api.example/v1"));
    assertThatThrownBy(() -> record(road, clear, RecordingTest::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("must begin with https://, because the key goes there");
  }

  @Test
  void picturesInRepliesAreFilesAndComeBackAsTheyWere() throws IOException {
    String png = Base64.getEncoder().encodeToString(LARGE);
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
  void aSecretThatATestAsksForIsNotRecorded() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      assertThatThrownBy(
              () -> record("fal", fal, road -> circle(road, "draw " + StandIn.FAL_KEY, 7)))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("mappings/01-post-fal-queue-fal-ai-flux-dev.json would hold ")
          .hasMessageNotContaining("canary");
    }
    assertThat(recordings).doesNotExist();
  }

  @Test
  void picturesInARequestAndQueriesOfAddressesAreNotRecorded() throws IOException {
    Function<OpenRoad, ImageResult> inline =
        road -> {
          FluxInpaintPipeline pipe =
              FluxInpaintPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road.fluxbridge());
          pipe.loadLoraWeights("https://loras.example/style.safetensors?token=canary-lora-token");
          return pipe.call(edit()).result();
        };
    ImageResult recorded;
    Map<String, String> properties;
    try (StandIn fal = new StandIn(CIRCLE)) {
      properties = new TreeMap<>(fal.properties());
      properties.put("fluxbridge.fal.inline-up-to", "100000");
      recorded = record("fal", new RoadSettings(properties, fal.environment()), inline);
      assertThat(fal.submitted()).singleElement().asString().contains("data:image/png;base64,");
    }
    assertThat(texts(folder("fal")))
        .doesNotContain("canary")
        .doesNotContain("base64")
        .contains("\"https://loras.example/style.safetensors\"")
        .contains("picture of 64x64");
    assertThat(run("fal", new RoadSettings(properties, Map.of()), inline).images())
        .isEqualTo(recorded.images());
  }

  @Test
  void promptsAreHiddenWhereThatIsAskedForAndStillHaveToBeTheSame() throws IOException {
    switches.set("golden.prompts", "false");
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, RecordingTest::circle);
    }
    switches.set("golden.prompts", "true");

    assertThat(texts(folder("fal"))).doesNotContain("secret as can be").contains("\"sha256:");
    assertThat(replay("fal", RecordingTest::circle).images()).hasSize(1);
    assertThatThrownBy(() -> replay("fal", road -> circle(road, "a blue fox", 7)))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("`prompt` is another")
        .hasMessageNotContaining("blue fox");
  }

  @Test
  void whatWasNotRecordedIsRefusedWithWhatDiffersAndSentToNobody() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, RecordingTest::circle);
      assertThatThrownBy(() -> run("fal", fal.settings(), road -> circle(road, PROMPT, 8)))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining(
              "POST /fal-queue/fal-ai/flux/dev: `seed` is 8 and was 7 (mappings/01-")
          .hasMessageContaining("mvn test -Dtest=CirclesTest -Dgolden.live=redCircle")
          .hasMessageNotContaining(PROMPT);
      assertThatThrownBy(() -> run("fal", fal.settings(), RecordingTest::edit))
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
                circle(road).provenance().requestIds().get(0),
                circle(road).provenance().requestIds().get(0));
    try (StandIn fal = new StandIn(CIRCLE)) {
      assertThat(record("fal", fal, twice)).containsExactly("job-0001", "job-0002");
    }
    assertThat(replay("fal", twice)).containsExactly("job-0001", "job-0002");
    assertThat(files(folder("fal")).keySet())
        .filteredOn(name -> name.startsWith("__files"))
        .containsExactly("__files/picture-1.jpeg");
    assertThatThrownBy(
            () ->
                replay(
                    "fal",
                    road -> {
                      var unused = twice.apply(road);
                      return circle(road);
                    }))
        .hasMessageContaining("recorded 2 times, and is asked once more");
  }

  @Test
  void aCallThatWasCaughtInTheTestIsToldAllTheSame() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, RecordingTest::circle);
    }
    assertThatThrownBy(
            () ->
                replay(
                    "fal",
                    road -> {
                      try {
                        return circle(road, PROMPT, 8);
                      } catch (RuntimeException swallowed) {
                        return null;
                      }
                    }))
        .hasMessageContaining("`seed` is 8 and was 7");
  }

  @Test
  void whatFailsLeavesTheOldRecordingAsItWas() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, RecordingTest::circle);
      Map<String, byte[]> before = files(recordings);

      fal.refuse(422);
      assertThatThrownBy(() -> record("fal", fal, RecordingTest::circle))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("what was there is unchanged")
          .hasMessageContaining("POST /fal-queue/fal-ai/flux/dev: the provider answered 422");
      assertThatThrownBy(
              () ->
                  record(
                      "fal",
                      fal,
                      road -> {
                        throw new IllegalStateException("the test's own fault");
                      }))
          .hasMessageContaining("the test's own fault");
      assertThat(files(recordings)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void aFailureThatTheTestSwallowsIsNotRecordedEither() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      assertThatThrownBy(
              () ->
                  record(
                      "fal",
                      fal,
                      road -> {
                        ImageResult drawn = circle(road);
                        fal.refuse(422);
                        try {
                          return circle(road, PROMPT, 8);
                        } catch (RuntimeException swallowed) {
                          return drawn;
                        }
                      }))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining("the provider answered 422");
    }
    assertThat(recordings).doesNotExist();
  }

  @Test
  void aTestThatFailsItsComparisonKeepsWhatWasPaidFor() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      assertThatThrownBy(
              () ->
                  record(
                      "fal",
                      fal,
                      road -> {
                        circle(road);
                        throw new AssertionError("not the golden");
                      }))
          .hasMessage("not the golden");
    }
    assertThat(replay("fal", RecordingTest::circle).images()).hasSize(1);
  }

  @Test
  void aNewRecordingReplacesTheOldOneAsAWhole() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      record(
          "fal",
          fal,
          road -> {
            circle(road);
            return circle(road, PROMPT, 8);
          });
      int before = files(folder("fal")).size();
      record("fal", fal, RecordingTest::circle);

      assertThat(files(folder("fal"))).hasSizeLessThan(before);
      try (Stream<Path> beside = Files.list(folder("fal").resolve(".."))) {
        assertThat(beside.map(path -> path.getFileName().toString())).containsExactly("fal");
      }
    }
  }

  @Test
  void whatMayHaveBeenAcceptedIsNotSentAgain() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      fal.cut();
      assertThatThrownBy(() -> record("fal", fal, RecordingTest::circle))
          .hasMessageContaining("nothing was recorded");
      assertThat(fal.billed()).hasSize(1);
    }
    assertThat(recordings).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fal", "openai"})
  void withoutAKeyNothingIsRecordedAndItIsSaidWhichOneIsMissing(String road) throws IOException {
    try (StandIn provider = new StandIn(CIRCLE)) {
      Map<String, String> environment = provider.environment();
      environment.remove("FAL_KEY");
      environment.remove("OPENAI_API_KEY");
      RoadSettings keyless = new RoadSettings(provider.properties(), environment);
      assertThatThrownBy(() -> record(road, keyless, RecordingTest::circle))
          .isInstanceOf(GoldenException.class)
          .hasMessageContaining(road.equals("fal") ? "set FAL_KEY" : "OPENAI_API_KEY")
          .hasMessageContaining("-Dgolden.live asks the provider itself");
      assertThat(provider.billed()).isEmpty();
    }
  }

  @Test
  void withoutARecordingItIsSaidHowToMakeOne() {
    assertThatThrownBy(() -> replay("fal", RecordingTest::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("there is no recording of the road 'fal' for 'redCircle'")
        .hasMessageContaining("-Dgolden.live=redCircle");
  }

  @Test
  void aDamagedRecordingNamesTheFile() throws IOException {
    try (StandIn fal = new StandIn(CIRCLE)) {
      record("fal", fal, RecordingTest::circle);
    }
    Path head = folder("fal").resolve("recording.json");
    Path mapping = folder("fal").resolve("mappings/01-post-fal-queue-fal-ai-flux-dev.json");
    Path body = folder("fal").resolve("__files/picture-1.jpeg");

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
    Path stranger = Files.writeString(folder("fal").resolve("mappings/99.json"), "{}");
    assertThatThrownBy(() -> replay("fal", RecordingTest::circle))
        .hasMessageContaining(stranger.toString())
        .hasMessageContaining("does not belong to the recording");
    Files.delete(stranger);
    assertThat(replay("fal", RecordingTest::circle).images()).hasSize(1);
  }

  private void refused(Path file, Function<String, String> damage, String why) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    String damaged = damage.apply(new String(whole, StandardCharsets.ISO_8859_1));
    Files.write(file, damaged.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> replay("fal", RecordingTest::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    Files.write(file, whole);
  }

  private void missing(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(() -> replay("fal", RecordingTest::circle))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining(file + " is missing");
    Files.write(file, whole);
  }

  @Test
  void aRecordingThatIsTooLargeIsNotWritten() throws IOException {
    switches.set("golden.file-megabytes", "1");
    byte[] noisy = new byte[1100 * 1100 * 3];
    new java.util.Random(1).nextBytes(noisy);
    try (StandIn fal = new StandIn(Pictures.png(new Bitmap(1100, 1100, 3, noisy)))) {
      assertThatThrownBy(() -> record("fal", fal, RecordingTest::circle))
          .hasMessageContaining("__files/picture-1.png is larger than what is kept with sources")
          .hasMessageContaining("-Dgolden.file-megabytes");
    }
    assertThat(recordings).doesNotExist();
  }
}
