package dev.fluxbridge.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusTextTest {
  @Test
  void aRoadStandsBesideTheOldOneAndItsLimits(@TempDir Path folder) throws IOException {
    Scene scene = new Scene(folder);
    String text = new StatusText(scene.watched(), scene.state(0)).text();
    assertThat(text)
        .contains("since 2026-11-21 21:40:00 UTC (20 min ago), the guard: error-rate is 16 %")
        .contains("HELD by a broken rule", "before the first step of the ramp 1, 5, 25, 50, 100 %")
        .doesNotContain("does not climb")
        .containsPattern("error-rate +16 % +0\\.2326 % +5 % +OVER")
        .containsPattern("latency-p95 +0\\.9 s +2\\.4 s +3\\.6 s \\(1\\.5x\\)\\n")
        .containsPattern("distance +0\\.11 +noise 0\\.08 +0\\.12 \\(1\\.5x\\)\\n")
        .contains("fal has 25 % of the calls, a split")
        .containsPattern("mask-changed +- +- +2 %")
        .containsPattern("shadow +4\\.75 +5\\.00 +21\\.5 +-");
  }

  @Test
  void textFromElsewhereCannotSteerTheTerminal() {
    assertThat(Words.plain("red \u001b[31m\r\u0007 \u009b2J")).doesNotContainPattern("\\p{Cntrl}");
  }
}
