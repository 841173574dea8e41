package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every old argument is accounted for on every road that is installed. */
class LedgerTest {
  private static final Fluxbridge ROADS = Fluxbridge.of(Settings.of(Map.of(), Map.of(), Map.of()));
  private static final Ledger LEDGER = Ledger.of(ROADS);

  @AfterAll
  static void free() {
    ROADS.close();
  }

  private static List<String> backends() {
    return LEDGER.rows().stream()
        .map(LedgerRow::backend)
        .distinct()
        .filter(name -> !name.equals("*"))
        .toList();
  }

  @Test
  void noArgumentOfAnyPipelineIsWithoutARowOnAnyRoad() {
    List<String> without = new ArrayList<>();
    for (String backend : backends()) {
      for (Pipeline pipeline : Pipeline.values()) {
        for (String argument : Signature.of(pipeline).names()) {
          if (LEDGER.rowsOf(pipeline, argument, backend).isEmpty()) {
            without.add(backend + ": " + pipeline.facade() + "." + argument);
          }
        }
      }
    }
    assertThat(without).isEmpty();
    assertThat(backends()).contains("fal", "openai");
  }

  @Test
  void aCodeMeansOneThing() {
    assertThat(LEDGER.rows()).extracting(LedgerRow::code).doesNotHaveDuplicates();
    assertThat(LEDGER.rows())
        .allSatisfy(
            row ->
                assertThat(row.code())
                    .startsWith(row.backend().equals("*") ? "flux." : row.backend() + "."));
  }

  @Test
  void whatAnArgumentAsksForIsNeverIgnored() {
    assertThat(LEDGER.rows())
        .filteredOn(row -> row.fidelity() == dev.fluxbridge.providers.Fidelity.IGNORED)
        .flatExtracting(LedgerRow::arguments)
        .doesNotContain(
            "prompt",
            "negative_prompt",
            "height",
            "width",
            "image",
            "mask_image",
            "inpaint_image",
            "inpaint_mask",
            "image_reference",
            "control_image",
            "num_images_per_prompt");
  }

  @Test
  void theArgumentsOnEveryRoadAreFresh() {
    Documents.assertFresh("arguments on every road", Documents.ledger(LEDGER.rowsOf("*")));
  }

  @Test
  void everyArgumentOfEveryPipelineStandsInTheGuide() {
    Documents.assertFresh("every argument", everyArgument());
  }

  /** A table a pipeline: for each argument and hosted road what may become of it. */
  private static String everyArgument() {
    // The local road's column goes with the local road.
    List<String> roads = backends().stream().filter(name -> !name.equals("local")).toList();
    StringBuilder text = new StringBuilder();
    for (Pipeline pipeline : Pipeline.values()) {
      text.append("#### ").append(pipeline.facade()).append("\n\n| argument | default |");
      roads.forEach(road -> text.append(" ").append(road).append(" |"));
      text.append("\n|---|---|").append("---|".repeat(roads.size())).append("\n");
      for (String argument : Signature.of(pipeline).names()) {
        text.append("| `").append(argument).append("` | `").append(shown(pipeline, argument));
        text.append("` |");
        for (String road : roads) {
          text.append(" ").append(outcomes(pipeline, argument, road)).append(" |");
        }
        text.append("\n");
      }
      text.append("\n");
    }
    return text.toString();
  }

  private static String shown(Pipeline pipeline, String argument) {
    Object value = Signature.of(pipeline).defaultOf(argument);
    return value == null ? "None" : value.toString();
  }

  private static String outcomes(Pipeline pipeline, String argument, String road) {
    return LEDGER.rowsOf(pipeline, argument, road).stream()
        .map(row -> row.fidelity().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
