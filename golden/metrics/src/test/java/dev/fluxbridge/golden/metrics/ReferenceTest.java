package dev.fluxbridge.golden.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fluxbridge.providers.Bitmap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds every metric to the numbers of the reference implementations. */
class ReferenceTest {
  private static final double TOLERANCE = 1e-4;

  @Test
  void metricsSayWhatTheReferencesSay() throws IOException {
    Map<Metric, Double> largest = new EnumMap<>(Metric.class);
    List<String> wrong = new ArrayList<>();
    for (String[] line : Goldens.table("metrics.csv")) {
      Metric metric = Metric.valueOf(line[3]);
      double expected =
          line[4].equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(line[4]);
      double actual = pair(line[0], line[1], line[2]).compare(metric).of(metric);
      double difference = expected == actual ? 0 : Math.abs(expected - actual);
      largest.merge(metric, difference, Math::max);
      if (!(difference <= TOLERANCE)) {
        wrong.add(String.join(",", line) + " but here " + actual);
      }
    }
    System.out.println("largest differences from the references: " + largest);

    assertThat(wrong).isEmpty();
    assertThat(largest).containsOnlyKeys(Metric.values());
    GuideTable.assertFresh(largest);
  }

  @Test
  void mapsSayAtEachPixelWhatTheReferencesSay() {
    Map<Metric, Double> largest = new EnumMap<>(Metric.class);
    Map<String, PixelScores> maps = new HashMap<>();
    for (String[] line : Goldens.table("maps.csv")) {
      Metric metric = Metric.valueOf(line[2]);
      PixelScores map =
          maps.computeIfAbsent(
              String.join(",", line[0], line[1], line[2]),
              key -> pair("bytes", line[0], line[1]).map(metric));
      int at = Integer.parseInt(line[3]) * map.width() + Integer.parseInt(line[4]);
      double difference = Math.abs(map.values()[at] - Double.parseDouble(line[5]));
      largest.merge(metric, difference, Math::max);
    }
    System.out.println("largest differences of maps from the references: " + largest);

    assertThat(largest).containsOnlyKeys(Metric.SSIM, Metric.CIEDE2000, Metric.FLIP);
    assertThat(largest.values()).allMatch(difference -> difference <= TOLERANCE);
  }

  @Test
  void coloursAreAsFarApartAsTheReferenceSays() {
    double largest = 0;
    for (String[] line : Goldens.table("colours.csv")) {
      double[] numbers = Stream.of(line).mapToDouble(Double::parseDouble).toArray();
      double actual =
          ColourDifference.between(
              Arrays.copyOfRange(numbers, 0, 3), Arrays.copyOfRange(numbers, 3, 6));
      largest = Math.max(largest, Math.abs(actual - numbers[6]));
    }
    System.out.println("largest difference of two colours from the reference: " + largest);

    assertThat(largest).isLessThan(TOLERANCE);
  }

  @Test
  void cubeRootsAreThoseOfTheJdk() {
    for (double value = 1e-6; value < 2; value *= 1.01) {
      assertThat(CubeRoot.of(value)).isCloseTo(Math.cbrt(value), withinPercentage(1e-9));
    }
  }

  @Test
  void hashesAreThoseOfImageHash() {
    List<String> wrong = new ArrayList<>();
    for (String[] line : Goldens.table("hashes.csv")) {
      var picture = Goldens.picture(line[0]);
      String difference = "%016x".formatted(PictureHash.difference(picture));
      String perceptual = "%016x".formatted(PictureHash.perceptual(picture));
      if (!difference.equals(line[1]) || !perceptual.equals(line[2])) {
        wrong.add(String.join(",", line) + " but here " + difference + "," + perceptual);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Pair pair(String kind, String expected, String actual) {
    if (kind.equals("floats")) {
      return Pair.of(Goldens.curved(expected), Goldens.curved(actual));
    }
    Bitmap before = Goldens.picture(expected);
    return Pair.of(before, Goldens.picture(actual))
        .masked(Goldens.picture("mask-%dx%d".formatted(before.width(), before.height())));
  }
}
