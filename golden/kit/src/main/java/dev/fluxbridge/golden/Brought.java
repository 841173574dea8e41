package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.providers.Bitmap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The measures that a test brought along, one of a name. Immutable. */
record Brought(List<PictureMeasure> measures) {
  static final Brought NONE = new Brought(List.of());

  Brought {
    measures = List.copyOf(measures);
  }

  /**
   * These and one more.
   *
   * @throws GoldenException for a name that could be one of the kit's own
   */
  Brought and(PictureMeasure measure) {
    if (!isName(measure.name())) {
      throw new GoldenException(
          "a measure that is brought along is called WORD:what decides over it, but this one is called '%s'"
              .formatted(measure.name()));
    }
    List<PictureMeasure> all = new ArrayList<>(measures);
    all.removeIf(other -> other.name().equals(measure.name()));
    all.add(measure);
    return new Brought(all);
  }

  /** No measure of the kit is called so. */
  static boolean isName(String measure) {
    return measure.indexOf(':') > 0;
  }

  Optional<PictureMeasure> named(String name) {
    return measures.stream().filter(measure -> measure.name().equals(name)).findAny();
  }

  /**
   * What each of them says of a picture.
   *
   * @throws GoldenException for one without a limit, and for a limit of one that is not here
   */
  List<Verdict> verdicts(Bitmap golden, Bitmap received, Limits limits) {
    List<Verdict> verdicts = new ArrayList<>();
    for (PictureMeasure measure : measures) {
      Limit limit = limits.byMeasure().get(measure.name());
      if (limit == null) {
        throw new GoldenException(
            "%s has no limit here: set one (withThreshold), or learn one for this road (-Dgolden.learn)"
                .formatted(measure.label()));
      }
      double value = value(measure, golden, received);
      boolean near =
          measure.direction() == Direction.LOWER_IS_NEARER
              ? value <= limit.value()
              : value >= limit.value();
      verdicts.add(
          new Verdict(
              measure.name(),
              measure.label(),
              value,
              limit.value(),
              measure.direction(),
              near,
              limit.from()));
    }
    for (String name : limits.byMeasure().keySet()) {
      if (isName(name) && named(name).isEmpty()) {
        throw new GoldenException(
            "golden.json has a limit of '%s', and the test brings %s along: bring that one (measuredBy), or learn the limits anew (-Dgolden.learn)"
                .formatted(
                    name,
                    measures.isEmpty()
                        ? "no such measure"
                        : "only " + measures.stream().map(PictureMeasure::name).toList()));
      }
    }
    return verdicts;
  }

  /** That of a pair, of which one that is no number is none. */
  static double value(PictureMeasure measure, Bitmap golden, Bitmap received) {
    double value = measure.between(golden, received);
    if (Double.isNaN(value)) {
      throw new GoldenException(
          "%s gave no number for this pair of pictures".formatted(measure.label()));
    }
    return value;
  }
}
