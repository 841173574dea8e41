package dev.fluxbridge.golden;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static dev.fluxbridge.golden.GoldenAssertions.assertThatRunsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureMeasureTest {
  private static final Scenes.Prompt CIRCLE =
      new Scenes.Prompt(0, new Color(220, 40, 40), Color.WHITE);
  private static final Bitmap FOX = Scenes.draw(CIRCLE, 7, 64);
  private static final Bitmap OTHER = Scenes.draw(CIRCLE, 8, 64);

  /** The share of bytes that differ, by a factor that stands for its weights. */
  private record Bytes(String name, double factor, Direction direction) implements PictureMeasure {
    static final Bytes OF_ONE = new Bytes("BYTES:one", 1, Direction.LOWER_IS_NEARER);

    @Override
    public String label() {
      return "differing bytes";
    }

    @Override
    public double slack() {
      return 0.01;
    }

    @Override
    public double between(Bitmap golden, Bitmap received) {
      int differ = 0;
      for (int i = 0; i < golden.pixels().length; i++) {
        differ += golden.pixels()[i] == received.pixels()[i] ? 0 : 1;
      }
      double share = factor * differ / golden.pixels().length;
      return direction == Direction.LOWER_IS_NEARER ? share : 1 - share;
    }
  }

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
    Switches.during(
        Map.of("golden.approve", ""), () -> assertThat(result(FOX)).matchesGolden("fox"));
  }

  @AfterEach
  void putBack() {
    switches.close();
  }

  @Test
  void itsVerdictStandsInTheMessageAndInTheReport() throws IOException {
    assertThat(result(FOX)).withThreshold(Bytes.OF_ONE, 0.001).matchesGolden("fox");
    assertThatThrownBy(
            () -> assertThat(result(OTHER)).withThreshold(Bytes.OF_ONE, 0.001).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching(
            "(?s).*differing bytes is 0\\.\\d+, which is 0\\.\\d+ over the most allowed, 0\\.001 \\(by hand\\).*");

    assertThat(lines().get(1)).contains("\"status\":\"passed\"", "\"measure\":\"BYTES:one\"");
    assertThat(lines().get(2))
        .contains("\"status\":\"failed\"", "\"label\":\"differing bytes\"", "\"limit\":0.001");
  }

  @Test
  void itFailsByItselfWhereTheMetricsOfTheKitPass() {
    Bitmap aLevel = Scenes.draw(CIRCLE, 7, 64);
    for (int i = 0; i < aLevel.pixels().length; i += 16) {
      aLevel.pixels()[i] ^= 1;
    }

    assertThat(result(aLevel)).matchesGolden("fox");
    assertThatThrownBy(
            () ->
                assertThat(result(aLevel)).withThreshold(Bytes.OF_ONE, 0.001).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("differing bytes is 0.0625")
        .hasMessageNotContaining("SSIM");
  }

  @Test
  void oneThatRisesFailsBelowItsLimit() {
    Bytes rising = new Bytes("SAME_BYTES:one", 1, Direction.HIGHER_IS_NEARER);

    assertThat(result(FOX)).withThreshold(rising, 0.999).matchesGolden("fox");
    assertThatThrownBy(
            () -> assertThat(result(OTHER)).withThreshold(rising, 0.999).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("below the least allowed, 0.999");
  }

  @Test
  void aLimitIsLearnedAndIsUsedForNoOtherWeights() {
    Switches.during(
        Map.of("golden.learn", "3"),
        () -> assertThatRunsOf(run -> result(FOX)).measuredBy(Bytes.OF_ONE).matchesGolden("fox"));

    assertThat(result(FOX)).measuredBy(Bytes.OF_ONE).matchesGolden("fox");
    assertThatThrownBy(
            () -> assertThat(result(OTHER)).measuredBy(Bytes.OF_ONE).matchesGolden("fox"))
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching(
            "(?s).*differing bytes is .* over the most allowed, 0\\.01 \\(learned.*");
    Bytes others = new Bytes("BYTES:two", 0, Direction.LOWER_IS_NEARER);
    assertThatThrownBy(() -> assertThat(result(FOX)).withThreshold(others, 1).matchesGolden("fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("a limit of 'BYTES:one', and the test brings only [BYTES:two] along");
    assertThatThrownBy(() -> assertThat(result(FOX)).matchesGolden("fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("brings no such measure along");
  }

  @Test
  void withoutALimitItIsRefused() {
    assertThatThrownBy(() -> assertThat(result(FOX)).measuredBy(Bytes.OF_ONE).matchesGolden("fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("differing bytes has no limit here: set one (withThreshold)");
  }

  @Test
  void whatIsNoNumberIsNoVerdict() {
    Bytes broken = new Bytes("BYTES:nan", Double.NaN, Direction.LOWER_IS_NEARER);

    assertThatThrownBy(
            () -> assertThat(result(OTHER)).withThreshold(broken, 1).matchesGolden("fox"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("differing bytes gave no number");
  }

  @Test
  void aNameThatTheKitCouldHaveIsRefused() {
    Bytes named = new Bytes("SSIM", 1, Direction.LOWER_IS_NEARER);

    assertThatThrownBy(() -> assertThat(result(FOX)).measuredBy(named))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("'SSIM'");
  }

  @Test
  void latentsAreRefused() {
    Tensor latents = Tensor.of(new float[] {1, 2}, 1, 2);
    Switches.during(
        Map.of("golden.approve", ""), () -> assertThat(latents).matchesGolden("latents"));

    assertThatThrownBy(
            () -> assertThat(latents).withThreshold(Bytes.OF_ONE, 1).matchesGolden("latents"))
        .isInstanceOf(GoldenException.class)
        .hasMessageContaining("differing bytes measures pictures, and these are latents");
  }

  private List<String> lines() throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("report/results.ndjson"))) {
      return lines.toList();
    }
  }

  private static ImageResult result(Bitmap picture) {
    return GoldenAssertTest.result("local", picture);
  }
}
