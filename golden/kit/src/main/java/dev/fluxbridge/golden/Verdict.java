package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Direction;
import dev.fluxbridge.golden.metrics.Metric;
import java.util.Locale;

/**
 * What one measure says of a picture and its golden.
 *
 * @param measure the name of a {@link Metric}, a {@link LatentMeasure} or a {@link PictureMeasure}
 * @param label its name for people
 * @param value how far they are apart
 * @param limit how far they may be
 * @param direction which way is nearer
 * @param passed whether the value is as near as the limit, or nearer
 * @param from where the limit comes from
 */
public record Verdict(
    String measure,
    String label,
    double value,
    double limit,
    Direction direction,
    boolean passed,
    String from) {

  static Verdict of(Metric metric, double value, Limit limit) {
    return new Verdict(
        metric.name(),
        metric.label(),
        value,
        limit.value(),
        metric.direction(),
        metric.within(value, limit.value()),
        limit.from());
  }

  static Verdict of(LatentMeasure measure, double value, Limit limit) {
    return new Verdict(
        measure.name(),
        measure.label(),
        value,
        limit.value(),
        Direction.LOWER_IS_NEARER,
        value <= limit.value(),
        limit.from());
  }

  /** For example {@code SSIM is 0.8312, 0.1638 below the least allowed 0.995 (set by hand)}. */
  String text() {
    boolean most = direction == Direction.LOWER_IS_NEARER;
    if (passed) {
      return "%s is %s, %s allowed is %s"
          .formatted(label, shown(value), most ? "most" : "least", shown(limit));
    }
    return "%s is %s, which is %s %s the %s allowed, %s (%s)"
        .formatted(
            label,
            shown(value),
            shown(Math.abs(value - limit)),
            most ? "over" : "below",
            most ? "most" : "least",
            shown(limit),
            from);
  }

  /** Four digits that count. */
  static String shown(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "infinite" : "-infinite";
    }
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
