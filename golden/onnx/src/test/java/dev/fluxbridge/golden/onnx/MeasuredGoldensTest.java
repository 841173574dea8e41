package dev.fluxbridge.golden.onnx;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenStore;
import dev.fluxbridge.golden.report.GoldenReports;
import dev.fluxbridge.providers.Bitmap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both measures beside the kit, as a tester has them. */
class MeasuredGoldensTest {
  private static final Bitmap GOLDEN = References.picture("large");
  private Path report = Path.of("");

  @BeforeEach
  void reportInto(@TempDir Path folder) {
    report = folder;
    System.setProperty("golden.report", folder.toString());
  }

  @AfterEach
  void putBack() {
    System.clearProperty("golden.report");
    System.clearProperty("golden.approve");
  }

  @Test
  void theirVerdictsStandInMessagesAndInTheReport(@TempDir Path folder) throws IOException {
    GoldenStore goldens = GoldenStore.at(folder);
    System.setProperty("golden.approve", "");
    assertThat(GOLDEN).in(goldens).matchesGolden("circle");
    System.clearProperty("golden.approve");

    try (LearnedDistance distance =
            LearnedDistance.open(References.file("lpips.onnx"), PixelRange.MINUS_1_TO_1);
        ImageTextScore score = ImageTextScore.open(References.file("clip"))) {
      assertThat(GOLDEN)
          .in(goldens)
          .withThreshold(distance, 0.001)
          .withThreshold(score.ofText("a red circle"), 0)
          .matchesGolden("circle");
      assertThatThrownBy(
              () ->
                  assertThat(References.picture("swapped"))
                      .in(goldens)
                      .withThreshold(distance, 0.5)
                      .withThreshold(score.ofText("a red circle"), 99)
                      .matchesGolden("circle"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(
              "learned distance (lpips.onnx) is 0.5514, which is 0.05138 over the most allowed, 0.5 (by hand)")
          .hasMessageContaining("image-text score (clip) is ")
          .hasMessageContaining("below the least allowed, 99 (by hand)")
          .hasMessageNotContaining("a red circle");
    }

    assertThat(Files.readString(report.resolve("results.ndjson")))
        .contains("\"measure\":\"LEARNED_DISTANCE:MINUS_1_TO_1-sha256-")
        .contains("\"measure\":\"IMAGE_TEXT_SCORE:sha256-")
        .doesNotContain("a red circle");
    GoldenReports.write(report);
    assertThat(Files.readString(report.resolve("index.html")))
        .contains("learned distance (lpips.onnx)", "image-text score (clip)");
  }
}
