package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.metrics.Pair;
import dev.fluxbridge.golden.metrics.Scores;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Resampling;
import dev.fluxbridge.providers.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds what was drawn to limits. It reads and writes nothing. Stateless. */
final class Judge {
  private static final Comparator<Verdict> FAILED_FIRST = Comparator.comparing(Verdict::passed);

  private Judge() {}

  /**
   * One for each picture that both have; another count is a finding of the first.
   *
   * @param mask of the edit, if it was one
   * @param brought measured besides the kit's own
   */
  static List<Compared> judge(
      Drawn golden, Drawn received, Limits limits, Optional<Bitmap> mask, Brought brought) {
    if (golden.latents().isPresent() != received.latents().isPresent()) {
      throw new GoldenException(
          "latents and pictures cannot be compared: the golden is %s, and what came is %s"
              .formatted(golden, received));
    }
    if (golden.latents().isPresent()) {
      for (PictureMeasure measure : brought.measures()) {
        throw new GoldenException(
            "%s measures pictures, and these are latents".formatted(measure.label()));
      }
      return List.of(
          latents(golden.latents().orElseThrow(), received.latents().orElseThrow(), limits));
    }
    List<Compared> all = new ArrayList<>();
    int count = Math.min(golden.pictures().size(), received.pictures().size());
    for (int i = 0; i < count; i++) {
      Bitmap was = golden.pictures().get(i).pixels();
      Bitmap is = received.pictures().get(i).pixels();
      all.add(picture(i + 1, was, is, limits, mask, brought));
    }
    if (golden.pictures().size() != received.pictures().size()) {
      Finding finding =
          new Finding(
              Suspect.COUNT,
              "there are %d pictures, and the golden has %d"
                  .formatted(received.pictures().size(), golden.pictures().size()));
      all.set(0, with(all.get(0), finding));
    }
    return all;
  }

  private static Compared with(Compared compared, Finding first) {
    List<Finding> findings = new ArrayList<>(List.of(first));
    findings.addAll(compared.findings());
    return new Compared(compared.index(), compared.verdicts(), compared.changed(), findings);
  }

  private static Compared picture(
      int index,
      Bitmap golden,
      Bitmap received,
      Limits limits,
      Optional<Bitmap> mask,
      Brought brought) {
    if (golden.width() != received.width() || golden.height() != received.height()) {
      return new Compared(index, List.of(), Optional.empty(), Diagnosis.of(golden, received, mask));
    }
    Map<Metric, Limit> applied = applied(golden, limits, mask.isPresent());
    List<Verdict> others = brought.verdicts(golden, received, limits);
    if (applied.isEmpty() && others.isEmpty()) {
      throw new GoldenException(
          "no limit is left that pictures of %dx%d could be held to: set one (withThreshold)"
              .formatted(golden.width(), golden.height()));
    }
    Scores scores = scores(golden, received, mask, applied.keySet());
    List<Verdict> verdicts =
        Stream.concat(
                others.stream(),
                applied.entrySet().stream()
                    .map(e -> Verdict.of(e.getKey(), scores.of(e.getKey()), e.getValue())))
            .sorted(FAILED_FIRST)
            .toList();
    boolean passed = verdicts.stream().allMatch(Verdict::passed);
    return new Compared(
        index,
        verdicts,
        Changed.between(golden, received),
        passed ? List.of() : Diagnosis.of(golden, received, mask));
  }

  /** What is the same to the last bit needs no arithmetic. */
  private static Scores scores(
      Bitmap golden, Bitmap received, Optional<Bitmap> mask, Set<Metric> metrics) {
    return golden.equals(received)
        ? new Scores(metrics.stream().collect(Collectors.toMap(m -> m, Metric::same)))
        : pair(golden, received, mask).compare(metrics);
  }

  static Pair pair(Bitmap golden, Bitmap received, Optional<Bitmap> mask) {
    Pair pair = Pair.of(golden, received);
    return mask.map(m -> pair.masked(Resampling.nearest(m, golden.width(), golden.height())))
        .orElse(pair);
  }

  /** Those that the pictures allow; of what a person set, none is left out without a word. */
  private static Map<Metric, Limit> applied(Bitmap picture, Limits limits, boolean masked) {
    Map<Metric, Limit> applied = new TreeMap<>();
    int side = Math.min(picture.width(), picture.height());
    for (Metric metric : Metric.values()) {
      Limit limit = limits.byMeasure().get(metric.name());
      if (limit == null) {
        continue;
      }
      boolean possible = side >= metric.smallestSide() && (masked || !metric.needsMask());
      if (possible) {
        applied.put(metric, limit);
      } else if (limit.basis() == Limit.Basis.BY_HAND) {
        throw new GoldenException(
            "%s has a limit but cannot be measured here: %s"
                .formatted(
                    metric.label(),
                    side < metric.smallestSide()
                        ? "it needs %d pixels across and down, and there are %dx%d"
                            .formatted(metric.smallestSide(), picture.width(), picture.height())
                        : "it needs the mask of the edit (ofCall or withMask)"));
      }
    }
    return applied;
  }

  private static Compared latents(Tensor golden, Tensor received, Limits limits) {
    if (!golden.shape().equals(received.shape())) {
      return new Compared(
          1,
          List.of(),
          Optional.empty(),
          List.of(
              new Finding(
                  Suspect.SIZE,
                  "the latents have the shape %s, and the golden %s"
                      .formatted(received.shape(), golden.shape()))));
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (LatentMeasure measure : LatentMeasure.values()) {
      Limit limit = limits.byMeasure().get(measure.name());
      if (limit != null) {
        verdicts.add(Verdict.of(measure, measure.between(golden, received), limit));
      }
    }
    if (verdicts.isEmpty()) {
      throw new GoldenException(
          "no limit is left for latents: those of another road are never like these, so compare pictures, or set one (withThreshold)");
    }
    verdicts.sort(FAILED_FIRST);
    return new Compared(1, verdicts, Optional.empty(), List.of());
  }
}
