package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FalLedgerTest {

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void noArgumentIsWithoutARow(Pipeline pipeline) {
    List<String> named =
        FalImagePlanner.ledger().stream()
            .filter(row -> row.pipelines().contains(pipeline))
            .flatMap(row -> row.arguments().stream())
            .toList();

    assertThat(Signatures.of(pipeline))
        .filteredOn(argument -> !Signatures.OF_THE_FACADE.contains(argument))
        .isSubsetOf(named);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void noRowIsAboutAnArgumentThatNoneOfItsPipelinesHas(Pipeline pipeline) {
    for (LedgerRow row : FalImagePlanner.ledger()) {
      boolean ofTheLoader =
          row.arguments().stream()
              .allMatch(
                  argument ->
                      List.of("model", "controlnet", "load_lora_weights", "set_adapters")
                          .contains(argument));
      if (row.pipelines().contains(pipeline) && !ofTheLoader) {
        assertThat(row.arguments()).as(row.code()).containsAnyElementsOf(Signatures.of(pipeline));
      }
    }
  }

  @Test
  void codesAreUniqueAndWellFormed() {
    assertThat(FalImagePlanner.ledger()).extracting(LedgerRow::code).doesNotHaveDuplicates();
    assertThat(FalImagePlanner.ledger())
        .allSatisfy(
            row -> {
              assertThat(row.backend()).isEqualTo("fal");
              assertThat(row.code()).matches("fal\\.[a-z0-9_]+\\.[a-z0-9_]+");
              assertThat(row.when()).isNotBlank();
            });
  }

  @Test
  void rangesAreSaidAsTheTableHasThem() {
    assertThat(Rule.STEPS_SENT.row().when())
        .startsWith("1 to 50; 10 to 50 on ")
        .contains("1 to 12 on fal-ai/flux/schnell, fal-ai/flux-1/schnell");
  }
}
