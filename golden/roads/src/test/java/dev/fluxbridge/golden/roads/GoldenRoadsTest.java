package dev.fluxbridge.golden.roads;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.golden.Golden;
import dev.fluxbridge.golden.GoldenStore;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.ImageResult;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider.Lock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs whole test classes as their testers do, fal being a stand-in. */
class GoldenRoadsTest {
  private static final BufferedImage CIRCLE = Pictures.circle(new Color(200, 40, 60), 64);

  private final Switches switches = new Switches();
  private Path folder = Path.of("");

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    switches
        .set("golden.inner", "true")
        .set("golden.store", folder.resolve("goldens").toString())
        .set("golden.recordings", folder.resolve("recordings").toString())
        .set("golden.report", folder.resolve("report").toString());
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  /** Records and approves, from a stand-in that draws this. */
  private void record(Class<?> tests, BufferedImage drawn, String live, String approve)
      throws IOException {
    try (StandIn fal = new StandIn(Pictures.file(drawn, "png"))) {
      fal.properties().forEach(switches::set);
      switches.set("golden.live", live).set("golden.approve", approve);
      assertThat(failures(run(tests))).isEmpty();
    } finally {
      switches.set("golden.live", "false").set("golden.approve", "false");
    }
  }

  private static EngineExecutionResults run(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
  }

  private static List<String> names(EngineExecutionResults results) {
    return results.testEvents().started().stream()
        .map(event -> event.getTestDescriptor().getDisplayName())
        .toList();
  }

  private static List<String> failures(EngineExecutionResults results) {
    return results.allEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> String.valueOf(result.getThrowable().orElseThrow().getMessage()))
        .toList();
  }

  static ImageResult circle(Fluxbridge road) {
    return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road)
        .call(arguments())
        .result();
  }

  private static FluxArguments arguments() {
    return new FluxArguments()
        .prompt("a red circle")
        .height(64)
        .width(64)
        .generator(new Generator().manualSeed(7));
  }

  @Test
  void aRoadIsRecordedApprovedAndThenReplayedWithoutTheProvider() throws IOException {
    record(Given.class, CIRCLE, "true", "true");

    EngineExecutionResults results = run(Given.class);
    assertThat(failures(results)).isEmpty();
    assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    assertThat(names(results)).containsExactly("fal");
    assertThat(GoldenStore.standard().names(Given.class.getName())).containsExactly("circle");
    assertThat(folder.resolve("recordings").resolve(Given.class.getName() + "/circle/fal"))
        .isDirectory();
    try (Stream<Path> written = Files.walk(folder)) {
      assertThat(written.filter(Files::isRegularFile))
          .hasSizeGreaterThan(5)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .as(file.toString())
                      .doesNotContain("canary"));
    }
  }

  @Test
  void onlyTestsThatAreNamedAreRecordedAnew() throws IOException {
    record(Given.class, CIRCLE, "", "true");
    Path head =
        folder.resolve("recordings").resolve(Given.class.getName() + "/circle/fal/recording.json");
    String before = Files.readString(head);

    record(Given.class, CIRCLE, "square", "false");
    assertThat(head).hasContent(before);
    record(Given.class, CIRCLE, "Given#circ", "false");
    assertThat(Files.readString(head)).isNotEqualTo(before);
  }

  @Test
  void anotherPictureInTheRecordingFails() throws IOException {
    record(Given.class, CIRCLE, "true", "true");
    for (BufferedImage other :
        List.of(
            Pictures.circle(Color.BLUE, 64),
            Pictures.turned(CIRCLE),
            Pictures.circle(new Color(250, 250, 250), 64))) {
      try (StandIn fal = new StandIn(Pictures.file(other, "png"))) {
        fal.properties().forEach(switches::set);
        switches.set("golden.live", "true");
        assertThat(failures(run(Given.class)))
            .singleElement()
            .asString()
            .contains("what was drawn is not the golden 'circle'");
      }
      switches.set("golden.live", "false");
      assertThat(failures(run(Given.class))).hasSize(1);
    }
  }

  @Test
  void oldCodeWithoutAParameterDrawsOnTheRunsRoadAndTheStandardOneIsPutBack() throws IOException {
    try (Fluxbridge before =
        Fluxbridge.of(
            Settings.of(Map.of("fluxbridge.kill-switch", "refuse"), Map.of(), Map.of()))) {
      Fluxbridge first = Fluxbridge.replaceStandard(before);
      try {
        record(Borrowing.class, CIRCLE, "true", "true");
        assertThat(failures(run(Borrowing.class))).isEmpty();
        assertThat(Fluxbridge.standard()).isSameAs(before);
      } finally {
        var unused = Fluxbridge.replaceStandard(first);
      }
    }
  }

  @Test
  void testsInParallelDrawEachOnItsOwnRoad() throws IOException {
    record(Parallel.class, CIRCLE, "true", "true");
    assertThat(failures(inParallel(Parallel.class))).isEmpty();
  }

  private static EngineExecutionResults inParallel(Class<?> tests) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(tests))
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
        .execute();
  }

  @Test
  void onlyATestThatBorrowsTheStandardRoadsRunsAlone() throws NoSuchMethodException {
    StandardRoadLock lock = new StandardRoadLock();
    Method borrowing = Parallel.class.getDeclaredMethod("borrowing");
    Method first = Parallel.class.getDeclaredMethod("first", Fluxbridge.class);

    assertThat(lock.provideForMethod(List.of(), Parallel.class, borrowing))
        .containsExactly(new Lock(Resources.GLOBAL, ResourceAccessMode.READ_WRITE));
    assertThat(lock.provideForMethod(List.of(), Parallel.class, first)).isEmpty();
    assertThat(GoldenRoads.class.getAnnotation(ResourceLock.class).providers())
        .containsExactly(StandardRoadLock.class);
  }

  @Test
  void whatWasDrawnElsewhereIsNotHeldToTheGolden() throws IOException {
    switches.set("golden.live", "true");
    assertThat(failures(run(Elsewhere.class)))
        .singleElement()
        .asString()
        .contains("this run is on the road 'fal'")
        .contains("was drawn by 'openai': draw with the Fluxbridge that the test is given");
  }

  @Test
  void aRoadIsHeldToTheGoldenOfAnotherThatComesFirst() throws IOException {
    record(Given.class, CIRCLE, "true", "true");
    EngineExecutionResults results = run(Several.class);
    assertThat(names(results)).containsExactly("fal", "openai");
    assertThat(failures(results))
        .anySatisfy(told -> assertThat(told).contains("no recording of the road 'openai'"));
  }

  @Test
  void aCallBeforeTheTestIsACallOfTheTest() throws IOException {
    record(Prepared.class, CIRCLE, "true", "true");
    assertThat(failures(run(Prepared.class))).isEmpty();

    switches.set("golden.inner.seed", "8");
    assertThat(failures(run(Prepared.class)))
        .singleElement()
        .asString()
        .contains("`seed` is 8 and was 7", "it was sent to nobody");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    assertThat(failures(run(Wrong.class)))
        .anySatisfy(told -> assertThat(told).contains("the road 'flux', and there are [local, fal"))
        .anySatisfy(told -> assertThat(told).contains("is no setting of a road"))
        .anySatisfy(told -> assertThat(told).contains("names no road"));
  }

  /** Run by the tests above only, which say where recordings are. */
  @Golden
  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Given {
    @GoldenRoads(value = "fal", golden = "fal")
    void circle(Fluxbridge road) {
      assertThat(GoldenRoadsTest.circle(road)).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Borrowing {
    @GoldenRoads(value = "fal", golden = "fal")
    void circle() {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
      assertThat(pipe.call(arguments()).result()).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Parallel {
    @GoldenRoads(value = "fal", golden = "fal")
    void first(Fluxbridge road) {
      assertThat(GoldenRoadsTest.circle(road)).matchesGolden();
    }

    @GoldenRoads(value = "fal", golden = "fal")
    void second(Fluxbridge road) {
      assertThat(GoldenRoadsTest.circle(road)).matchesGolden();
    }

    @GoldenRoads(value = "fal", golden = "fal")
    void borrowing() {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
      assertThat(pipe.call(arguments()).result()).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Prepared {
    private @Nullable ImageResult drawn;

    @BeforeEach
    void draw(Fluxbridge road) {
      long seed = Long.getLong("golden.inner.seed", 7);
      drawn =
          FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road)
              .call(arguments().generator(new Generator().manualSeed(seed)))
              .result();
    }

    @GoldenRoads(value = "fal", golden = "fal")
    void circle(Fluxbridge road) {
      assertThat(Objects.requireNonNull(drawn)).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Elsewhere {
    @GoldenRoads(value = "fal", golden = "fal")
    void circle(Fluxbridge road) throws IOException {
      try (StandIn openai = new StandIn(Pictures.file(CIRCLE, "png"))) {
        Settings settings =
            Settings.of(
                Map.of("fluxbridge.route.text-to-image", "openai"), openai.environment(), Map.of());
        try (Fluxbridge other = Fluxbridge.of(settings)) {
          assertThat(GoldenRoadsTest.circle(other)).matchesGolden();
        }
      }
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Several {
    @GoldenRoads(
        value = {"openai", "fal"},
        golden = "fal")
    void circle(Fluxbridge road) {
      assertThat(GoldenRoadsTest.circle(road)).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.inner", matches = "true")
  static final class Wrong {
    @GoldenRoads("flux")
    void unknown(Fluxbridge road) {}

    @GoldenRoads(value = "fal", settings = "fluxbridge.route.text-to-image=openai")
    void unsettled(Fluxbridge road) {}

    @GoldenRoads({})
    void none(Fluxbridge road) {}
  }
}
