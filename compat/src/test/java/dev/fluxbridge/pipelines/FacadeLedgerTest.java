package dev.fluxbridge.pipelines;

import dev.fluxbridge.documents.Documents;
import org.junit.jupiter.api.Test;

class FacadeLedgerTest {
  @Test
  void theArgumentsOnEveryRoadAreFresh() {
    Documents.assertFresh("arguments on every road", Documents.ledger(FacadeLedger.rows()));
  }
}
