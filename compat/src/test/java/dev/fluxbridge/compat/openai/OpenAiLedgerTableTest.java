package dev.fluxbridge.compat.openai;

import dev.fluxbridge.documents.Documents;
import org.junit.jupiter.api.Test;

class OpenAiLedgerTableTest {
  @Test
  void theArgumentsOnOpenAiAreFresh() {
    Documents.assertFresh(
        "arguments on openai", Documents.ledger(new OpenAiBackendFactory().ledger()));
  }
}
