package dev.fluxbridge.compat.local;

import dev.fluxbridge.documents.Documents;
import org.junit.jupiter.api.Test;

class LocalLedgerTest {
  @Test
  void theArgumentsOnLocalAreFresh() {
    Documents.assertFresh("arguments on local", Documents.ledger(LocalLedger.rows()));
  }
}
