package dev.fluxbridge.compat.local;

import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.pipelines.FacadeLedgerTest;
import org.junit.jupiter.api.Test;

class LocalNotesTest {
  @Test
  void theArgumentsOnLocalAreFresh() {
    Documents.assertFresh("arguments on local", Documents.table(LocalNotes.all()));
  }

  @Test
  void noArgumentIsWithoutARow() {
    FacadeLedgerTest.assertEveryArgumentHasARow(LocalNotes.all());
  }
}
