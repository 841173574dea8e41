package dev.fluxbridge.golden;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.Resampling;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenAssertTest {
  private static final int SIDE = 64;
  private static final Scenes.Prompt CIRCLE =
      new Scenes.Prompt(0, new Color(220, 40, 40), Color.WHITE);
  private static final Bitmap FOX = Scenes.draw(CIRCLE, 7, SIDE);
  private static final Bitmap OTHER = Scenes.draw(CIRCLE, 8, SIDE);
  private static final String ME = GoldenAssertTest.class.getName();

  private Path folder = Path.of("");
  private Switches switches = new Switches(Map.of());

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    switches =
        new Switches(
            Map.of(
                "golden.store", folder.resolve("goldens").toString(),
                "golden.report", folder.resolve("report").toString(),
                "golden.device", "test"));
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  @Test
  void aMissingGoldenFailsWithTheWayToApproveAndWithThePicture() throws IOException {
    assertThatThrownBy(() -> assertThat(result("local", FOX)).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("there is no golden 'fox' of " + ME)
        .hasMessageContaining("local-flux-dev-test-")
        .hasMessageContaining("-Dgolden.approve");

    JsonNode line = lines().get(0);
    assertThat(line.path("status").asText()).isEqualTo("missing");
    Path picture = folder.resolve("report").resolve(text(line, "/pictures/0/received"));
    assertThat(picture).hasBinaryContent(Bitmaps.png(FOX));
  }

  @Test
  void whatWasApprovedPassesAndAnotherPictureFails() throws IOException {
    approve(result("local", FOX));

    assertThat(result("local", FOX)).matchesGolden("fox");
    assertThatThrownBy(() -> assertThat(result("local", OTHER)).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("what was drawn is not the golden 'fox' of " + ME)
        .hasMessageMatching("(?s).*SSIM is 0\\.\\d+, which is 0\\.\\d+ below the least allowed.*")
        .hasMessageContaining("the default for this road")
        .hasMessageMatching("(?s).*where: .* of the pixels, from column \\d+, row \\d+.*")
        .hasMessageContaining("1-heat.png")
        .hasMessageContaining("looks like seed")
        .hasMessageContaining("-Dgolden.approve");

    assertThat(statuses()).containsExactly("written", "passed", "failed");
    JsonNode failed = lines().get(2).path("pictures").get(0);
    for (String picture : List.of("golden", "received", "heat_map")) {
      assertThat(folder.resolve("report").resolve(failed.path(picture).asText())).isRegularFile();
    }
    assertThat(failed.path("verdicts").get(0).path("passed").asBoolean()).isFalse();
    assertThat(failed.path("findings").get(0).path("suspect").asText()).isEqualTo("seed");
    JsonNode passed = lines().get(1).path("pictures").get(0);
    assertThat(passed.path("received")).as("the same file once").isEqualTo(passed.path("golden"));
    assertThat(passed.has("heat_map")).isFalse();
  }

  @Test
  void whatPassesAlthoughItIsVisiblyAnotherNeedsNoHeatMap() throws IOException {
    approve(result("local", FOX));

    assertThat(result("local", OTHER))
        .withThreshold(Metric.MAE, 1)
        .withThreshold(Metric.SSIM, -1)
        .withThreshold(Metric.GMSD, 0.5)
        .withThreshold(Metric.CIEDE2000_P95, 100)
        .withThreshold(Metric.FLIP, 1)
        .matchesGolden("fox");

    JsonNode picture = lines().get(1).path("pictures").get(0);
    assertThat(picture.path("changed").path("share").asDouble()).isPositive();
    assertThat(picture.path("received")).isNotEqualTo(picture.path("golden"));
    assertThat(picture.has("heat_map")).isFalse();
  }

  @Test
  void aLargePictureHasASmallerOneBesideItForPages() throws IOException {
    Bitmap large = Scenes.noisy(Scenes.draw(CIRCLE, 7, 300), 8, 1);
    approve(result("local", large));
    assertThat(result("local", large)).matchesGolden("fox");

    JsonNode picture = lines().get(1).path("pictures").get(0);
    assertThat(picture.fieldNames())
        .toIterable()
        .contains("golden_preview", "received_preview")
        .doesNotContain("heat_map_preview");
    Path preview = folder.resolve("report").resolve(picture.path("golden_preview").asText());
    assertThat(Files.size(preview)).isLessThan(Bitmaps.png(large).length / 4);
    Bitmap seen = Scenes.decoded(Files.readAllBytes(preview));
    assertThat(seen.width()).isEqualTo(150);
    // The circle's red and the background's white are where they were.
    for (int at : new int[] {75 * 150 + 75, 2 * 150 + 2}) {
      int there = at / 150 * 2 * 300 + at % 150 * 2;
      assertThat(seen.pixels()[at * 3 + 1] & 0xff)
          .isCloseTo(large.pixels()[there * 3 + 1] & 0xff, within(30));
    }
  }

  @Test
  void aLineHasTheFieldsThatAreDocumented() throws IOException {
    approve(result("local", FOX));
    assertThatThrownBy(() -> assertThat(result("local", OTHER)).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class);

    JsonNode line = lines().get(1);
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "schema",
            "run",
            "at",
            "status",
            "test_class",
            "name",
            "test",
            "key",
            "against",
            "kind",
            "message",
            "call_differences",
            "origins",
            "pictures");
    assertThat(line.path("origins").path("received").fieldNames())
        .toIterable()
        .containsExactly(
            "cause",
            "checkpoint",
            "device",
            "libraries",
            "model",
            "notes",
            "request_ids",
            "route",
            "seeds");
    JsonNode picture = line.path("pictures").get(0);
    assertThat(picture.fieldNames())
        .toIterable()
        .containsExactly(
            "index",
            "golden",
            "received",
            "width",
            "height",
            "heat_map",
            "passed",
            "verdicts",
            "changed",
            "findings");
    assertThat(picture.path("verdicts").get(0).fieldNames())
        .toIterable()
        .containsExactly("measure", "label", "value", "limit", "direction", "passed", "limit_from");
    assertThat(picture.path("changed").fieldNames())
        .toIterable()
        .containsExactly("share", "left", "top", "right", "bottom");
  }

  @Test
  void approvingAgainWritesOnlyWhatDiffers() throws IOException {
    approve(result("local", FOX));
    Path json = onlyGolden().resolve("golden.json");
    Files.setLastModifiedTime(json, java.nio.file.attribute.FileTime.fromMillis(0));

    approve(result("local", FOX));
    assertThat(Files.getLastModifiedTime(json).toMillis()).isZero();
    approve(result("local", OTHER));
    assertThat(Files.getLastModifiedTime(json).toMillis()).isNotZero();

    assertThat(statuses()).containsExactly("written", "unchanged", "written");
    assertThat(result("local", OTHER)).matchesGolden("fox");
  }

  @Test
  void approvingCanBeForSomeOnly() {
    Switches.during(
        Map.of("golden.approve", "Test#fox"),
        () -> {
          assertThat(result("local", FOX)).matchesGolden("fox");
          assertThatThrownBy(() -> assertThat(result("local", FOX)).matchesGolden("cat"))
              .isInstanceOf(AssertionError.class);
        });
  }

  @Test
  void anotherRoadMayDrawLargerWhereThatIsSaidInTheSameProportions() throws IOException {
    approve(result("local", FOX));
    Bitmap large = Resampling.resize(FOX, 3 * SIDE, 3 * SIDE);
    Bitmap wide = Resampling.resize(FOX, 3 * SIDE, 2 * SIDE);

    assertThat(result("fal", large)).onRoad("local").inAnySize().matchesGolden("fox");
    assertThatThrownBy(() -> assertThat(result("fal", large)).onRoad("local").matchesGolden("fox"))
        .hasMessageContaining("looks like size");
    assertThatThrownBy(
            () -> assertThat(result("fal", wide)).onRoad("local").inAnySize().matchesGolden("fox"))
        .hasMessageContaining("looks like size");
    assertThatThrownBy(
            () ->
                assertThat(result("fal", Resampling.resize(OTHER, 3 * SIDE, 3 * SIDE)))
                    .onRoad("local")
                    .inAnySize()
                    .matchesGolden("fox"))
        .hasMessageContaining("is not the golden")
        .hasMessageContaining("1-heat.png");
    JsonNode failed = lines().get(lines().size() - 1).path("pictures").get(0);
    assertThat(folder.resolve("report").resolve(failed.path("heat_map").asText("none")))
        .as("the heat map that the message names")
        .isRegularFile();
    assertThatThrownBy(() -> assertThat(result("local", large)).inAnySize().matchesGolden("fox"))
        .hasMessageContaining("looks like size");
  }

  @Test
  void anotherRoadHasAGoldenOfItsOwnUnlessToldToKeepToTheOldRoads() {
    approve(result("local", FOX));
    Bitmap hosted = Scenes.noisy(FOX, 3, 1);

    assertThatThrownBy(() -> assertThat(result("fal", hosted)).matchesGolden("fox"))
        .hasMessageContaining("there are those of local-flux-dev-test-")
        .hasMessageContaining(".onRoad(");
    assertThat(result("fal", hosted)).onRoad("local").matchesGolden("fox");
    assertThatThrownBy(
            () ->
                assertThat(result("fal", Scenes.swapped(FOX))).onRoad("local").matchesGolden("fox"))
        .hasMessageContaining("held to that of local-flux-dev-test-")
        .hasMessageContaining("looks like channels");
    Switches.during(
        Map.of("golden.approve", ""),
        () -> {
          assertThatThrownBy(
                  () -> assertThat(result("fal", FOX)).onRoad("local").matchesGolden("fox"))
              .hasMessageContaining("take that golden on its own road");
        });
  }

  @Test
  void anotherDeviceDoesNotShareTheGolden() {
    approve(result("local", FOX));

    switches.set("golden.device", "cuda-h100");

    assertThatThrownBy(() -> assertThat(result("local", FOX)).matchesGolden("fox"))
        .hasMessageContaining("local-flux-dev-cuda-h100-")
        .hasMessageContaining("there are those of local-flux-dev-test-");
  }

  @Test
  void limitsAreSetByHandOrLeftOut() {
    approve(result("local", FOX));
    ImageResult noisy = result("local", Scenes.noisy(FOX, 2, 1));

    assertThatThrownBy(() -> assertThat(noisy).matchesGolden("fox"))
        .hasMessageContaining("MAE is")
        .hasMessageContaining("looks like noise");
    assertThat(noisy)
        .withThreshold(Metric.MAE, 0.02)
        .withThreshold(Metric.SSIM, 0.8)
        .withThreshold(Metric.CIEDE2000_P95, 5)
        .ignoring(Metric.FLIP, Metric.GMSD)
        .matchesGolden("fox");
    assertThatThrownBy(
            () -> assertThat(noisy).withThreshold(Metric.MAE, 0.001).matchesGolden("fox"))
        .hasMessageContaining("(by hand)");
    assertThatThrownBy(() -> assertThat(noisy).withThreshold(Metric.SSIM, 40))
        .hasMessageContaining("SSIM goes from -1.0 to 1.0, so 40.0 is no limit of it");
    assertThatThrownBy(
            () -> assertThat(noisy).withThreshold(Metric.MS_SSIM, 0.9).matchesGolden("fox"))
        .hasMessageContaining("MS-SSIM has a limit but cannot be measured here: it needs 161");
  }

  @Test
  void aChangedCallIsNamedWhereThePictureDiffers() {
    Switches.during(
        Map.of("golden.approve", "true"),
        () -> {
          assertThat(result("local", FOX)).ofCall(call("a secret fox", 3.5)).matchesGolden("fox");
        });

    assertThat(result("local", FOX)).ofCall(call("a secret fox", 4)).matchesGolden("fox");
    assertThatThrownBy(
            () -> assertThat(result("local", OTHER)).ofCall(call("my dog", 4)).matchesGolden("fox"))
        .hasMessageContaining("the call is another: guidance_scale was 3.5 and is 4.0")
        .hasMessageContaining("the call is another: prompts")
        .hasMessageNotContainingAny("secret", "my dog");
  }

  @Test
  void theMaskOfTheCallIsKeptTo() {
    Bitmap mask = Scenes.mask(SIDE);
    ImageRequest edit =
        ImageRequest.builder(Pipeline.INPAINT, Weights.of("flux-dev"))
            .prompts(Prompt.of("a fox"))
            .size(SIDE, SIDE)
            .edit(Edit.of(Images.of(FOX), Images.of(mask), 1))
            .build();
    approve(result("local", Scenes.laidOver(FOX, OTHER, mask)));

    assertThatThrownBy(() -> assertThat(result("local", OTHER)).ofCall(edit).matchesGolden("fox"))
        .hasMessageContaining("changed protected pixels is")
        .hasMessageContaining("looks like mask");
  }

  @Test
  void anotherSizeAndAnotherCountAreToldAsThat() {
    approve(result("local", FOX, OTHER));

    assertThatThrownBy(() -> assertThat(result("local", FOX)).matchesGolden("fox"))
        .hasMessageContaining("looks like count: there are 1 pictures, and the golden has 2");
    assertThatThrownBy(
            () ->
                assertThat(result("local", FOX, Resampling.resize(OTHER, 32, 32)))
                    .matchesGolden("fox"))
        .hasMessageContaining("picture 2: looks like size: it is 32x32 and the golden 64x64");
  }

  @Test
  void picturesOfEveryKindAreTaken() {
    Switches.during(
        Map.of("golden.approve", "true"),
        () -> {
          assertThat(FOX).matchesGolden("fox");
        });

    assertThat(Scenes.image(FOX)).matchesGolden("fox");
    GoldenAssertions.assertThatFile(Bitmaps.png(FOX)).matchesGolden("fox");
    assertThatThrownBy(() -> assertThat(OTHER).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void latentsAreHeldByTheirCosine() {
    Tensor latents = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
    Switches.during(
        Map.of("golden.approve", "true"),
        () -> {
          assertThat(latents).matchesGolden("noise");
        });

    assertThat(Tensor.of(new float[] {1.001f, 2, 3, 4}, 1, 1, 4)).matchesGolden("noise");
    assertThatThrownBy(
            () -> assertThat(Tensor.of(new float[] {4, 2, 3, 1}, 1, 1, 4)).matchesGolden("noise"))
        .hasMessageContaining("cosine distance is 0.3, which is 0.299 over the most allowed");
    assertThatThrownBy(() -> assertThat(Tensor.of(new float[4], 4)).matchesGolden("noise"))
        .hasMessageContaining("the latents have the shape [4], and the golden [1, 1, 4]");
    assertThatThrownBy(() -> assertThat(FOX).matchesGolden("noise"))
        .hasMessageContaining("latents and pictures cannot be compared");
  }

  @Test
  void aDamagedGoldenIsAnErrorInTheReport() throws IOException {
    approve(result("local", FOX));
    Files.writeString(onlyGolden().resolve("golden.json"), "{");

    assertThatThrownBy(() -> assertThat(result("local", FOX)).matchesGolden("fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("is no JSON");
    assertThat(statuses()).containsExactly("written", "error");
    approve(result("local", FOX));
    assertThat(result("local", FOX)).matchesGolden("fox");
  }

  @Test
  void aReportThatCannotBeWrittenFailsNoComparison() throws IOException {
    approve(result("local", FOX));
    switches.set("golden.report", Files.createFile(folder.resolve("file")).toString());

    assertThatCode(() -> assertThat(result("local", FOX)).matchesGolden("fox"))
        .doesNotThrowAnyException();
  }

  @Test
  void learningWritesLimitsThatNoiseKeepsToAndNothingElse() throws IOException {
    Switches.during(
        Map.of("golden.learn", "8"),
        () -> {
          GoldenAssertions.assertThatRunsOf(run -> result("local", Scenes.noisy(FOX, 1, run)))
              .matchesGolden("fox");
        });

    assertThat(Files.readString(onlyGolden().resolve("golden.json")))
        .contains("\"from\": \"learned\"", "\"runs\": 8");
    for (int run = 100; run < 150; run++) {
      assertThat(result("local", Scenes.noisy(FOX, 1, run))).matchesGolden("fox");
    }
    assertThatThrownBy(
            () -> assertThat(result("local", Scenes.noisy(FOX, 1.4, 1))).matchesGolden("fox"))
        .hasMessageContaining("learned from 8 runs");
  }

  @Test
  void limitsLearnedWithOtherSeedsHoldForOtherRoads() {
    Place place = new Place(ME, "fox");
    Approved learned =
        GoldenLearning.runs(8)
            .withOtherSeeds()
            .learn(place, run -> result("local", Scenes.draw(CIRCLE, run, SIDE)));

    assertThat(learned.anyRoad()).isTrue();
    assertThat(learned.limits().byMeasure())
        .containsOnlyKeys(
            "BLOCKING",
            "CHANNEL_ORDER",
            "CIEDE2000",
            "PERCEPTUAL_DISTANCE",
            "PHASH",
            "STRUCTURE_OVERLAP");
    assertThat(result("fal", Scenes.draw(CIRCLE, 99, SIDE))).onRoad("local").matchesGolden("fox");
    Scenes.Prompt wrong = new Scenes.Prompt(1, new Color(40, 80, 220), Color.BLACK);
    assertThatThrownBy(
            () ->
                assertThat(result("fal", Scenes.draw(wrong, 99, SIDE)))
                    .onRoad("local")
                    .matchesGolden("fox"))
        .hasMessageContaining("looks like prompt");
  }

  @Test
  void whatAMaskProtectsIsLearnedToo() {
    Approved learned =
        GoldenLearning.runs(3)
            .withMask(Scenes.mask(SIDE))
            .learn(new Place(ME, "fox"), run -> result("local", Scenes.noisy(FOX, 1, run)));

    assertThat(learned.limits().byMeasure()).containsKeys("PROTECTED_MAE", "PROTECTED_CHANGED");
  }

  @Test
  void aGoldenThatItsOwnRunsWouldFailIsNotGivenTheirLimits() {
    approve(result("local", OTHER));

    assertThatThrownBy(
            () ->
                GoldenLearning.runs(3)
                    .learn(new Place(ME, "fox"), run -> result("local", Scenes.noisy(FOX, 1, run))))
        .hasMessageContaining("farther from these runs than they are from each other");
    assertThatThrownBy(() -> GoldenLearning.runs(2)).hasMessageContaining("at least 3 runs");
  }

  @Test
  void aGoldenWithoutANameNeedsATestThatRuns() {
    assertThatThrownBy(() -> assertThat(FOX).matchesGolden())
        .hasMessageContaining("put @Golden on its method or class");
  }

  private static void approve(ImageResult result) {
    Switches.during(
        Map.of("golden.approve", ""),
        () -> {
          assertThat(result).matchesGolden("fox");
        });
  }

  private static ImageRequest call(String prompt, double guidance) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of("flux-dev"))
        .prompts(Prompt.of(prompt))
        .guidanceScale(guidance)
        .build();
  }

  static ImageResult result(String road, Bitmap... pictures) {
    List<Picture> images =
        Arrays.stream(pictures)
            .<Picture>map(picture -> new Picture.Encoded(Bitmaps.png(picture), "image/png"))
            .toList();
    List<String> requestIds = road.equals("local") ? List.of() : List.of("r-1");
    return new ImageResult(
        images,
        List.of(7L),
        List.of(),
        List.of(),
        new Cost.NotBilled(),
        new Provenance(road, "flux-dev", requestIds, Duration.ZERO));
  }

  private Path onlyGolden() throws IOException {
    try (var all = Files.walk(folder.resolve("goldens"))) {
      return all.filter(file -> file.endsWith("golden.json"))
          .map(Path::getParent)
          .findFirst()
          .orElseThrow();
    }
  }

  private List<String> statuses() throws IOException {
    return lines().stream().map(line -> line.path("status").asText()).toList();
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("report/results.ndjson"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static String text(JsonNode node, String pointer) {
    return node.at(pointer).asText();
  }
}
