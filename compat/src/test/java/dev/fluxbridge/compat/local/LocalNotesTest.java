package dev.fluxbridge.compat.local;

import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.pipelines.FluxNotesTest;
import org.junit.jupiter.api.Test;

class LocalNotesTest {
  @Test
  void theArgumentsOnLocalAreFresh() {
    Documents.assertFresh("arguments on local", Documents.table(LocalNotes.all()));
  }

  @Test
  void noArgumentIsWithoutARow() {
    FluxNotesTest.assertEveryArgumentHasARow(LocalNotes.all());
  }
}
