package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was served beside what the shadow drew. Immutable; holds no prompt and no picture.
 *
 * @param task of which call
 * @param served how the served road did
 * @param shadow how the other did
 * @param pictures how far the pictures are apart, pair by pair; empty where one side has none
 * @param differences in what they differ, known differences included
 */
public record Comparison(
    Task task,
    Side served,
    Side shadow,
    List<PictureScores> pictures,
    List<Difference> differences) {
  public Comparison {
    pictures = List.copyOf(pictures);
    differences = List.copyOf(differences);
  }

  /**
   * One road's part.
   *
   * @param backend which road
   * @param failure why there are no pictures
   * @param took from the call to its end
   * @param cost in money; empty where nobody knows
   * @param maskChanged of an edit, the share of the protected pixels that changed, on average
   */
  public record Side(
      String backend,
      Optional<Reason> failure,
      Duration took,
      Optional<BigDecimal> cost,
      OptionalDouble maskChanged) {}

  /**
   * Two pictures that answer each other. One of another size was brought to that of the served one.
   *
   * @param values by metric; those that need larger pictures are missing
   */
  public record PictureScores(Map<Metric, Double> values) {
    public PictureScores {
      values = Map.copyOf(values);
    }
  }

  /** How far the pictures are apart on average: 0 is the same, 1 has nothing in common. */
  public OptionalDouble distance() {
    return pictures.stream()
        .mapToDouble(pair -> pair.values().getOrDefault(Metric.PERCEPTUAL_DISTANCE, 1.0))
        .average();
  }
}
