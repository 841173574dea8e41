package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.http.HttpHeaders;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FalHeadersTest {

  @Test
  void readsWhatFalSaysBesideTheBody() {
    FalHeaders headers =
        new FalHeaders(
            HttpHeaders.NONE
                .with("X-Fal-Request-Id", "r1")
                .with("x-fal-billable-units", " 1.25 ")
                .with("X-Fal-Runner-Hints", "a, b,,c ")
                .with("x-fal-served-from", "runner-1")
                .with("X-Custom", "from the app"));

    assertThat(headers.requestId()).contains("r1");
    assertThat(headers.billableUnits()).contains(new BigDecimal("1.25"));
    assertThat(headers.runnerHints()).containsExactly("a", "b", "c");
    assertThat(headers.servedFrom()).contains("runner-1");
    assertThat(headers.first("x-custom")).contains("from the app");
  }

  @Test
  void isSilentWhereFalIs() {
    assertThat(FalHeaders.NONE.requestId()).isEmpty();
    assertThat(FalHeaders.NONE.billableUnits()).isEmpty();
    assertThat(FalHeaders.NONE.runnerHints()).isEmpty();
    assertThat(FalHeaders.NONE.servedFrom()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e400", "NaN", "", "1,5", "99999999999999999"})
  void takesNoUnitsFromWhatIsNoAmount(String value) {
    FalHeaders headers = new FalHeaders(HttpHeaders.NONE.with("X-Fal-Billable-Units", value));

    assertThat(headers.billableUnits()).isEmpty();
  }

  @Test
  void keepsNoCookieAndNoMoreThanItsLimit() {
    HttpHeaders many =
        HttpHeaders.NONE
            .with("Set-Cookie", "session=canary")
            .with("set-cookie2", "canary")
            .with("X-Huge", "h".repeat(40_000));
    for (int i = 0; i < 200; i++) {
      many = many.with("X-" + i, "v");
    }

    FalHeaders headers = new FalHeaders(many);

    assertThat(headers.all().fields()).hasSize(100);
    assertThat(headers.first("Set-Cookie")).isEmpty();
    assertThat(headers.first("set-cookie2")).isEmpty();
    assertThat(headers.first("X-Huge")).isEmpty();
    assertThat(headers.first("X-99")).contains("v");
  }

  @Test
  void tellsNamesOnly() {
    assertThat(new FalHeaders(HttpHeaders.NONE.with("X-Secret", "canary")))
        .asString()
        .contains("X-Secret")
        .doesNotContain("canary");
  }
}
