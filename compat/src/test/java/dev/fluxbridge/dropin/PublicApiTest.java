package dev.fluxbridge.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What old callers can see is under review: it changes only together with the file that says it,
 * which {@code -Dfluxbridge.documents=write} writes anew.
 */
class PublicApiTest {
  @Test
  void oldCallersSeeWhatTheFileSays() {
    if ("write".equals(System.getProperty("fluxbridge.documents"))) {
      FrozenApi.write(PublicApi.printed());
    }
    assertThat(PublicApi.printed())
        .as("compat/api.txt; -Dfluxbridge.documents=write writes it anew")
        .isEqualTo(FrozenApi.text());
  }
}
