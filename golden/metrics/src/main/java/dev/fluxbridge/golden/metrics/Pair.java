package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Two pictures of one size that are compared with each other. It reads no files, resizes nothing by
 * itself and judges nothing. Immutable and safe for use by several threads; a comparison runs on
 * the caller's thread and keeps nothing when it is done.
 */
public final class Pair {
  // Made anew for each comparison, as a side keeps what it works out.
  private final Supplier<Side> expected;
  private final Supplier<Side> actual;
  private final Optional<Bitmap> mask;

  private Pair(Supplier<Side> expected, Supplier<Side> actual, Optional<Bitmap> mask) {
    this.expected = expected;
    this.actual = actual;
    this.mask = mask;
  }

  /**
   * Two pictures of bytes.
   *
   * @throws IllegalArgumentException if they differ in size or channels, or have alpha
   */
  public static Pair of(Bitmap expected, Bitmap actual) {
    return checked(() -> new Side(expected), () -> new Side(actual));
  }

  /**
   * Two pictures of numbers.
   *
   * @throws IllegalArgumentException if they differ in size or channels
   */
  public static Pair of(FloatPicture expected, FloatPicture actual) {
    return checked(() -> new Side(expected), () -> new Side(actual));
  }

  private static Pair checked(Supplier<Side> expected, Supplier<Side> actual) {
    Side a = expected.get();
    Side b = actual.get();
    if (a.width() != b.width() || a.height() != b.height()) {
      throw new IllegalArgumentException(
          "only pictures of one size can be compared, but one is %dx%d and the other %dx%d: resize one first (Resampling.resize)"
              .formatted(a.width(), a.height(), b.width(), b.height()));
    }
    if (a.channels() != b.channels()) {
      throw new IllegalArgumentException(
          "only pictures of as many channels can be compared, but one has %d and the other %d: convert one first (Colours.rgb)"
              .formatted(a.channels(), b.channels()));
    }
    return new Pair(expected, actual, Optional.empty());
  }

  /**
   * The same pictures, as before and after an edit.
   *
   * @param mask of the same size, whose channels are taken as grey: from the middle on it is white
   *     and repainted, below that it is black and protected
   * @throws IllegalArgumentException if it has another size
   */
  public Pair masked(Bitmap mask) {
    Side a = expected.get();
    if (mask.width() != a.width() || mask.height() != a.height()) {
      throw new IllegalArgumentException(
          "a mask has the size of its pictures, but it is %dx%d and they are %dx%d: resize it first (Resampling.nearest)"
              .formatted(mask.width(), mask.height(), a.width(), a.height()));
    }
    return new Pair(expected, actual, Optional.of(Colours.grey(mask)));
  }

  /** As {@link #compare(Collection)}. */
  public Scores compare(Metric... metrics) {
    return compare(Arrays.asList(metrics));
  }

  /**
   * Compares by all of these, sharing what they have in common.
   *
   * @throws IllegalArgumentException if the pictures are smaller than one of them needs, or it
   *     needs a mask and there is none
   */
  public Scores compare(Collection<Metric> metrics) {
    Set<Metric> wanted = EnumSet.noneOf(Metric.class);
    wanted.addAll(metrics);
    Side a = expected.get();
    Side b = actual.get();
    wanted.forEach(metric -> check(metric, a));
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    Comparison comparison = new Comparison(a, b, mask, wanted);
    for (Metric metric : wanted) {
      values.put(metric, comparison.value(metric));
    }
    return new Scores(values);
  }

  /**
   * The values of one metric at each pixel: SSIM, CIEDE2000 or FLIP. Those of SSIM are of the
   * window around the pixel; up to the border, where no window fits, of the nearest one.
   *
   * @throws IllegalArgumentException for a metric that has none, or if the pictures are smaller
   *     than it needs
   */
  public PixelScores map(Metric metric) {
    Side a = expected.get();
    check(metric, a);
    return new Comparison(a, actual.get(), mask, Set.of()).map(metric);
  }

  private void check(Metric metric, Side side) {
    if (metric.needsMask() && mask.isEmpty()) {
      throw new IllegalArgumentException(
          "%s needs the mask of the edit: Pair.masked".formatted(metric.label()));
    }
    int smallest = metric.smallestSide();
    if (Math.min(side.width(), side.height()) < smallest) {
      throw new IllegalArgumentException(
          "%s needs pictures of at least %dx%d pixels but these are %dx%d"
              .formatted(metric.label(), smallest, smallest, side.width(), side.height()));
    }
  }
}
