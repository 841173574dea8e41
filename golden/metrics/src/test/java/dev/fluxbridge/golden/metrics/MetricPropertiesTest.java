package dev.fluxbridge.golden.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Bitmap;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MetricPropertiesTest {
  private static final int TRIES = 40;

  @Property(tries = TRIES)
  void aPictureIsTheSameAsItself(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll long seed) {
    Bitmap picture = random(width, height, seed);

    pair(picture, picture)
        .compare(definedAt(width, height))
        .values()
        .forEach((metric, value) -> assertThat(value).as(metric.label()).isEqualTo(metric.same()));
  }

  @Property(tries = TRIES)
  void itDoesNotMatterWhichPictureComesFirst(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll long seed) {
    Bitmap one = random(width, height, seed);
    Bitmap other = random(width, height, seed + 1);
    Set<Metric> metrics = definedAt(width, height);

    assertThat(pair(one, other).compare(metrics)).isEqualTo(pair(other, one).compare(metrics));
  }

  @Property(tries = TRIES)
  void everyScoreIsWithinItsRange(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll long seed) {
    Bitmap one = random(width, height, seed);
    Bitmap negative = negative(one);

    pair(one, negative)
        .compare(definedAt(width, height))
        .values()
        .forEach(
            (metric, value) ->
                assertThat(value).as(metric.label()).isBetween(metric.least(), metric.greatest()));
  }

  @Property(tries = 10)
  void moreNoiseIsFartherAway(@ForAll long seed) {
    Bitmap picture = Goldens.picture("scene");
    Set<Metric> metrics = EnumSet.allOf(Metric.class);
    // These are made not to see noise.
    metrics.removeAll(List.of(Metric.DHASH, Metric.PHASH, Metric.CHANNEL_ORDER, Metric.BLOCKING));
    List<Scores> scores =
        Stream.of(2, 8, 32)
            .map(strength -> pair(picture, noisy(picture, strength, seed)).compare(metrics))
            .toList();

    for (Metric metric : metrics) {
      for (int i = 1; i < scores.size(); i++) {
        double nearer = scores.get(i - 1).of(metric);
        double farther = scores.get(i).of(metric);
        assertThat(metric.within(nearer, farther)).as(metric.label()).isTrue();
        assertThat(nearer).as(metric.label()).isNotEqualTo(farther);
      }
    }
  }

  /** With the upper half protected. */
  private static Pair pair(Bitmap one, Bitmap other) {
    byte[] mask = new byte[one.width() * one.height()];
    Arrays.fill(mask, mask.length / 2, mask.length, (byte) 255);
    return Pair.of(one, other).masked(new Bitmap(one.width(), one.height(), 1, mask));
  }

  private static Set<Metric> definedAt(int width, int height) {
    Set<Metric> metrics = EnumSet.allOf(Metric.class);
    metrics.removeIf(metric -> Math.min(width, height) < metric.smallestSide());
    return metrics;
  }

  private static Bitmap random(int width, int height, long seed) {
    byte[] pixels = new byte[width * height * 3];
    new Random(seed).nextBytes(pixels);
    return new Bitmap(width, height, 3, pixels);
  }

  private static Bitmap negative(Bitmap picture) {
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ~pixels[i];
    }
    return new Bitmap(picture.width(), picture.height(), picture.channels(), pixels);
  }

  private static Bitmap noisy(Bitmap picture, double strength, long seed) {
    Random random = new Random(seed);
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      double value = (pixels[i] & 0xff) + strength * random.nextGaussian();
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
    }
    return new Bitmap(picture.width(), picture.height(), picture.channels(), pixels);
  }
}
