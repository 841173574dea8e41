package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Size;
import dev.fluxbridge.providers.fal.image.Endpoint.Ratios;
import java.util.Comparator;
import java.util.Map;

/** Picks what an endpoint offers for the proportions that a caller wants. */
final class Proportions {
  /** As near as this, nobody sees a difference: rounding to whole pixels does as much. */
  private static final double SAME = Math.log(1.02);

  /** Half of the widest gap between two proportions that fal offers, and a little. */
  private static final double NEAR = Math.log(1.15);

  private Proportions() {}

  /**
   * The field to send; none where the endpoint keeps the picture's proportions by itself.
   *
   * @param asked what the caller wants
   * @param picture what the picture has
   */
  static Map<String, Object> field(Endpoint endpoint, Size asked, Size picture, Findings findings) {
    Ratios ratios = endpoint.ratios().orElseThrow();
    double wanted = Math.log((double) asked.width() / asked.height());
    double own = Math.log((double) picture.width() / picture.height());
    if (Math.abs(wanted - own) <= SAME) {
      findings.note(
          Rule.SIZE_RATIO,
          endpoint.id() + " draws in the picture's proportions and chooses the size itself");
      return ratios
          .match()
          .<Map<String, Object>>map(m -> Map.of(ratios.field(), m))
          .orElse(Map.of());
    }
    String nearest =
        ratios.offered().stream()
            .min(Comparator.comparingDouble(ratio -> Math.abs(log(ratio) - wanted)))
            .orElseThrow();
    if (Math.abs(log(nearest) - wanted) > NEAR) {
      throw findings.refusal(
          Rule.SIZE_NO_RATIO,
          "%d x %d asked, and the nearest proportions that %s offers are %s"
              .formatted(asked.width(), asked.height(), endpoint.id(), nearest));
    }
    findings.note(
        Rule.SIZE_RATIO,
        "%d x %d asked: %s draws %s and chooses the size itself"
            .formatted(asked.width(), asked.height(), endpoint.id(), nearest));
    return Map.of(ratios.field(), nearest);
  }

  private static double log(String ratio) {
    String[] sides = ratio.split(":", 2);
    return Math.log(Double.parseDouble(sides[0]) / Double.parseDouble(sides[1]));
  }
}
