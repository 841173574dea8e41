package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Scores;
import dev.fluxbridge.providers.Bitmap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits from how far several runs of one road are from each other. Stateless.
 *
 * <p>Source: the idea is Diffy's, which subtracts the noise between two runs of the old code; the
 * numbers are our own.
 */
final class NoiseFloor {
  /** What single pixels tell, with the slack of a rounding, for runs that are all the same. */
  private static final Map<Metric, Double> BY_PIXEL =
      Map.of(
          Metric.MAE, 0.0005,
          Metric.SSIM, 0.002,
          Metric.GMSD, 0.002,
          Metric.CIEDE2000_P95, 0.2,
          Metric.FLIP, 0.002,
          Metric.PROTECTED_MAE, 0.0005,
          Metric.PROTECTED_CHANGED, 0.001);

  /** What the picture as a whole tells. */
  private static final Map<Metric, Double> BY_MOTIF =
      Map.of(
          Metric.PERCEPTUAL_DISTANCE, 0.02,
          Metric.STRUCTURE_OVERLAP, 0.02,
          Metric.CIEDE2000, 0.5,
          Metric.PHASH, 2.0,
          Metric.CHANNEL_ORDER, 0.05,
          Metric.BLOCKING, 0.15,
          Metric.PROTECTED_MAE, 0.005);

  private static final double OFTEN = 0.99;
  private static final double SPREADS = 3;

  private NoiseFloor() {}

  /**
   * Over all pairs of runs, each limit is what 99 of 100 pairs keep to, and three times the spread
   * more, so that a run at the floor does not fail by chance.
   *
   * @param runs at least 3, of as many pictures of the same sizes each
   * @param motif whether runs differ in their motif (other seeds), so that only the whole counts
   */
  static Limits of(List<Drawn> runs, boolean motif, Optional<Bitmap> mask, Brought brought) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    Map<Metric, Double> slacks = motif ? BY_MOTIF : BY_PIXEL;
    for (int i = 0; i < runs.size(); i++) {
      for (int j = i + 1; j < runs.size(); j++) {
        measure(runs.get(i), runs.get(j), slacks, mask, brought)
            .forEach(
                (name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
      }
    }
    List<Limit> limits = new ArrayList<>();
    values.forEach((name, all) -> limits.add(limit(name, all, runs.size(), slacks, brought)));
    return Limits.of(limits);
  }

  private static Map<String, Double> measure(
      Drawn one, Drawn other, Map<Metric, Double> slacks, Optional<Bitmap> mask, Brought brought) {
    Map<String, Double> values = new LinkedHashMap<>();
    if (one.latents().isPresent() && other.latents().isPresent()) {
      for (LatentMeasure measure : LatentMeasure.values()) {
        values.put(
            measure.name(),
            measure.between(one.latents().orElseThrow(), other.latents().orElseThrow()));
      }
      return values;
    }
    for (int i = 0; i < one.pictures().size(); i++) {
      Bitmap a = one.pictures().get(i).pixels();
      Bitmap b = other.pictures().get(i).pixels();
      List<Metric> metrics =
          slacks.keySet().stream()
              .filter(m -> Math.min(a.width(), a.height()) >= m.smallestSide())
              .filter(m -> mask.isPresent() || !m.needsMask())
              .toList();
      Scores scores = Judge.pair(a, b, mask).compare(metrics);
      for (Metric metric : metrics) {
        // Of several pictures the one that is farthest off speaks for its run.
        values.merge(
            metric.name(),
            scores.of(metric),
            metric.direction() == Direction.LOWER_IS_NEARER ? Math::max : Math::min);
      }
      for (PictureMeasure measure : brought.measures()) {
        values.merge(
            measure.name(),
            Brought.value(measure, a, b),
            measure.direction() == Direction.LOWER_IS_NEARER ? Math::max : Math::min);
      }
    }
    return values;
  }

  private static Limit limit(
      String measure, List<Double> all, int runs, Map<Metric, Double> slacks, Brought brought) {
    double mean = all.stream().mapToDouble(v -> v).average().orElseThrow();
    double spread =
        Math.sqrt(all.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
    Optional<Metric> metric =
        slacks.keySet().stream().filter(m -> m.name().equals(measure)).findAny();
    boolean lower =
        metric
                .map(Metric::direction)
                .or(() -> brought.named(measure).map(PictureMeasure::direction))
                .orElse(Direction.LOWER_IS_NEARER)
            == Direction.LOWER_IS_NEARER;
    double quantile = quantile(all, lower ? OFTEN : 1 - OFTEN);
    double slack =
        metric
            .map(slacks::get)
            .or(() -> brought.named(measure).map(PictureMeasure::slack))
            .orElse(1e-6);
    double more = SPREADS * spread + slack;
    double limit = lower ? quantile + more : quantile - more;
    double kept = metric.map(m -> Math.max(m.least(), Math.min(m.greatest(), limit))).orElse(limit);
    return new Limit(
        measure, kept, Limit.Basis.LEARNED, Optional.of(new Floor(mean, spread, quantile, runs)));
  }

  /** Between the two nearest in proportion, as numpy's {@code quantile}. */
  private static double quantile(List<Double> all, double share) {
    double[] sorted = all.stream().mapToDouble(v -> v).sorted().toArray();
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  static void requireAlike(List<Drawn> runs) {
    List<String> kinds = runs.stream().map(Drawn::toString).distinct().toList();
    if (kinds.size() > 1) {
      throw new GoldenException(
          "runs of one call give as many pictures of the same sizes, but these gave "
              + String.join(" and ", Arrays.asList(kinds.get(0), kinds.get(1))));
    }
  }
}
