package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.fal.FalImageBackend;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

public class FacadeLedgerTest {
  @Test
  void theArgumentsOnEveryRoadAreFresh() {
    Documents.assertFresh("arguments on every road", Documents.table(notes()));
  }

  private static List<Note> notes() {
    return FacadeLedger.rows().stream().map(row -> row.note(row.when())).toList();
  }

  @Test
  void noArgumentIsWithoutARowOnFal() {
    assertEveryArgumentHasARow(FalImageBackend.fidelity());
  }

  /** Every old argument stands in the rows of a road, or in those that hold on every road. */
  public static void assertEveryArgumentHasARow(List<Note> road) {
    List<String> named =
        Stream.concat(notes().stream(), road.stream())
            .flatMap(row -> Stream.of(row.argument().split(", ", -1)))
            .toList();
    assertThat(named).containsAll(Signature.of(Pipeline.FLUX).names());
  }
}
