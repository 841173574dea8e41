package dev.fluxbridge.golden;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.fluxbridge.providers.Bitmap;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class GoldenExtensionTest {
  private static final Bitmap FOX =
      Scenes.draw(new Scenes.Prompt(0, Color.ORANGE, Color.WHITE), 7, 32);

  private Path folder = Path.of("");
  private Switches switches = new Switches(Map.of());

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    switches =
        new Switches(
            Map.of(
                "golden.store", folder.resolve("goldens").toString(),
                "golden.report", folder.resolve("report").toString()));
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  @Test
  void goldensAreNamedForTheirTests() {
    approve(Whole.class);

    assertThat(GoldenStore.standard().names(Whole.class.getName()))
        .containsExactly("each-1", "each-2", "named", "plain", "two", "two more");
    assertThat(run(selectClass(Whole.class)).testEvents().failed().count()).isZero();
  }

  @Test
  void aTestThatHoldsNothingToItsGoldenFails() {
    assertThat(failures(run(selectClass(Empty.class))))
        .singleElement()
        .asString()
        .contains("empty is marked @Golden and held nothing to a golden");
  }

  @Test
  void twoThingsUnderOneNameAreRefused() {
    switches.set("golden.approve", "true");

    assertThat(failures(run(selectClass(Twice.class))))
        .singleElement()
        .asString()
        .contains("holds two things to the golden 'twice'");
  }

  @Test
  void aGoldenThatNoTestAsksForIsToldAfterTheWholeClassRan() throws IOException {
    approve(Whole.class);
    Place old = new Place(Whole.class.getName(), "old");
    GoldenStore.standard()
        .write(old, new Approved(Drawn.of(FOX), Call.UNKNOWN, Origin.of("x", "")));

    EngineExecutionResults told = run(selectClass(Whole.class));
    assertThat(told.containerEvents().failed().count()).isZero();
    assertThat(Files.readString(folder.resolve("report/results.ndjson")))
        .contains("\"status\":\"obsolete\"")
        .contains("asks for the golden 'old' any more: delete ");

    switches.set("golden.obsolete", "fail");
    assertThat(failures(run(selectClass(Whole.class))))
        .singleElement()
        .asString()
        .contains("[old]");
    assertThat(failures(run(selectMethod(Whole.class, "plain")))).isEmpty();
    switches.set("golden.obsolete", "perhaps");
    assertThat(failures(run(selectClass(Whole.class))))
        .singleElement()
        .asString()
        .contains("-Dgolden.obsolete is 'tell' or 'fail' but is 'perhaps'");
  }

  @Test
  void goldensOfATestClassThatIsGoneAreToldAfterTheRun() throws IOException {
    approve(Whole.class);
    GoldenStore.standard()
        .write(
            new Place("com.example.GoneTest", "fox"),
            new Approved(Drawn.of(FOX), Call.UNKNOWN, Origin.of("x", "")));

    assertThat(failures(run(selectClass(Whole.class)))).isEmpty();
    assertThat(Files.readString(folder.resolve("report/results.ndjson")))
        .contains("the test class com.example.GoneTest is gone, and its golden 'fox' is not");

    switches.set("golden.obsolete", "fail");
    assertThat(failures(run(selectClass(Whole.class))))
        .singleElement()
        .asString()
        .contains("[com.example.GoneTest]");
  }

  @Test
  void aClassWithAFailedTestSaysNothingOfGoldensThatItDidNotReach() {
    switches.set("golden.obsolete", "fail");
    GoldenStore.standard()
        .write(
            new Place(Failing.class.getName(), "behind"),
            new Approved(Drawn.of(FOX), Call.UNKNOWN, Origin.of("x", "")));

    assertThat(failures(run(selectClass(Failing.class))))
        .singleElement()
        .asString()
        .contains("before it asks");
  }

  private void approve(Class<?> tests) {
    Switches.during(
        Map.of("golden.approve", "true"),
        () -> {
          assertThat(failures(run(selectClass(tests)))).isEmpty();
        });
  }

  private static EngineExecutionResults run(DiscoverySelector what) {
    return EngineTestKit.engine("junit-jupiter").selectors(what).execute();
  }

  private static List<Throwable> failures(EngineExecutionResults results) {
    return results.allEvents().failed().stream().map(GoldenExtensionTest::failure).toList();
  }

  private static Throwable failure(Event event) {
    return event
        .getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
        .getThrowable()
        .orElseThrow();
  }

  /** Run by the tests above only, which say where their store is. */
  @Golden
  @EnabledIfSystemProperty(named = "golden.store", matches = ".+")
  static final class Whole {
    @Test
    void plain() {
      assertThat(FOX).matchesGolden();
    }

    @Test
    @Golden("named")
    void withAName() {
      assertThat(FOX).matchesGolden();
    }

    @Test
    void two() {
      assertThat(FOX).matchesGolden();
      assertThat(FOX).matchesGolden("two more");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void each(int number) {
      assertThat(Scenes.noisy(FOX, number, 1)).matchesGolden();
    }
  }

  @EnabledIfSystemProperty(named = "golden.store", matches = ".+")
  static final class Empty {
    @Test
    @Golden
    void empty() {}
  }

  @EnabledIfSystemProperty(named = "golden.store", matches = ".+")
  static final class Twice {
    @Test
    @Golden
    void twice() {
      assertThat(FOX).matchesGolden();
      assertThat(FOX).matchesGolden();
    }
  }

  @Golden
  @EnabledIfSystemProperty(named = "golden.store", matches = ".+")
  static final class Failing {
    @Test
    void behind() {
      if (FOX.width() == 32) {
        throw new IllegalStateException("before it asks");
      }
      assertThat(FOX).matchesGolden();
    }
  }
}
