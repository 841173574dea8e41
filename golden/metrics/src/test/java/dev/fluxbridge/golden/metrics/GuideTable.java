package dev.fluxbridge.golden.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The guide's table of metrics, which {@code -Dfluxbridge.documents=write} writes anew. */
final class GuideTable {
  private static final Pattern PLACE =
      Pattern.compile("(?s)(<!-- generated: metrics -->\\n)(.*?)<!-- end of generated -->");

  private GuideTable() {}

  /**
   * Holds the guide to it.
   *
   * @param largest how far each metric is from its reference
   */
  static void assertFresh(Map<Metric, Double> largest) throws IOException {
    StringBuilder table =
        new StringBuilder(
            "| metric | from | to | nearer | reference | largest difference |\n|---|---|---|---|---|---|\n");
    for (Metric metric : Metric.values()) {
      table.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  metric.name(),
                  number(metric.least()),
                  number(metric.greatest()),
                  metric.direction() == Direction.LOWER_IS_NEARER ? "is lower" : "is higher",
                  reference(metric),
                  difference(largest.getOrDefault(metric, Double.NaN))));
    }
    Path guide = guide();
    String text = Files.readString(guide);
    MatchResult place = PLACE.matcher(text).results().findFirst().orElseThrow();
    if ("write".equals(System.getProperty("fluxbridge.documents"))) {
      Files.writeString(
          guide, text.substring(0, place.end(1)) + table + text.substring(place.end(2)));
    } else {
      assertThat(place.group(2))
          .as("the guide's part 'metrics'; -Dfluxbridge.documents=write writes it anew")
          .isEqualTo(table.toString());
    }
  }

  private static String number(double value) {
    return Double.isInfinite(value)
        ? "infinite"
        : String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%s", value);
  }

  /** A power of ten that it is below, which the last bits of no other machine turn over. */
  private static String difference(double value) {
    return value == 0
        ? "none"
        : "below 1e%d".formatted(Math.max(-12, (int) Math.floor(Math.log10(value)) + 1));
  }

  private static String reference(Metric metric) {
    return switch (metric) {
      case MAE, CHANNEL_ORDER, BLOCKING, PROTECTED_MAE, PROTECTED_CHANGED ->
          "its formula in " + Goldens.version("numpy");
      case RMSE, PSNR, SSIM, CIEDE2000, CIEDE2000_P95, EDGE_OVERLAP, STRUCTURE_OVERLAP ->
          Goldens.version("scikit-image");
      case PERCEPTUAL_DISTANCE ->
          "its formula over %s and %s"
              .formatted(Goldens.version("pillow"), Goldens.version("scikit-image"));
      case MS_SSIM, GMSD -> Goldens.version("piq");
      case FLIP -> Goldens.version("flip-evaluator");
      case DHASH, PHASH -> Goldens.version("ImageHash");
    };
  }

  private static Path guide() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("migration-guide.md"))) {
      folder = Objects.requireNonNull(folder.getParent(), "the guide is in no folder above");
    }
    return folder.resolve("migration-guide.md");
  }
}
