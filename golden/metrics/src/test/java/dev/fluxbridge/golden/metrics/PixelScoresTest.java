package dev.fluxbridge.golden.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PixelScoresTest {

  @Property(tries = 100)
  void aPercentileIsThatOfTheSortedValues(
      @ForAll @Size(min = 1, max = 60) float @FloatRange(min = -1, max = 120) [] values,
      @ForAll @IntRange(max = 100) int percent) {
    PixelScores scores = new PixelScores(Metric.SSIM, values.length, 1, values);
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = percent / 100.0 * (sorted.length - 1);

    assertThat(scores.percentile(percent))
        .isBetween((double) sorted[(int) at], (double) sorted[(int) Math.ceil(at)]);
    assertThat(scores.percentile(0)).isEqualTo(sorted[0]);
    assertThat(scores.percentile(100)).isEqualTo(sorted[sorted.length - 1]);
  }

  @Test
  void aPercentileIsBetweenTheTwoNearestInProportion() {
    PixelScores scores = new PixelScores(Metric.FLIP, 2, 2, new float[] {0.5f, 0, 1, 0.25f});

    assertThat(scores.percentile(50)).isEqualTo(0.375);
    assertThat(scores.mean()).isEqualTo(0.4375);
    assertThatThrownBy(() -> scores.percentile(101)).hasMessageContaining("0 to 100");
  }

  @Test
  void theMeanOfAMapIsTheScore() {
    Bitmap one = random(1);
    Bitmap other = random(2);
    Pair pair = Pair.of(one, other);

    assertThat(pair.map(Metric.FLIP).mean()).isEqualTo(pair.compare(Metric.FLIP).of(Metric.FLIP));
    assertThat(pair.map(Metric.CIEDE2000).mean())
        .isEqualTo(pair.compare(Metric.CIEDE2000).of(Metric.CIEDE2000));
  }

  @Test
  void aMetricWithoutAMapSaysWhichHaveOne() {
    Pair pair = Pair.of(random(1), random(2));

    for (Metric metric : Metric.values()) {
      if (metric.hasMap()) {
        assertThat(pair.map(metric).values()).hasSize(20 * 15);
      }
    }

    assertThatThrownBy(() -> pair.map(Metric.MAE))
        .hasMessage("MAE has no value at each pixel, but SSIM, CIEDE2000 and FLIP have");
  }

  private static Bitmap random(long seed) {
    byte[] pixels = new byte[20 * 15 * 3];
    new Random(seed).nextBytes(pixels);
    return new Bitmap(20, 15, 3, pixels);
  }
}
