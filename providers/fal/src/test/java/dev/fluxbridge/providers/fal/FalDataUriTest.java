package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FalDataUriTest {

  @Property(tries = 200)
  void whatIsWrittenCanBeRead(@ForAll byte[] bytes) {
    FalDataUri read =
        FalDataUri.parse(new FalDataUri("image/png", bytes).text(), Math.max(1, bytes.length));

    assertThat(read.bytes()).isEqualTo(bytes);
    assertThat(read.mediaType()).isEqualTo("image/png");
  }

  @Test
  void isStandardBase64() {
    assertThat(new FalDataUri("image/png", new byte[] {-1, -2, -3, -4}).text())
        .isEqualTo("data:image/png;base64,//79/A==");
  }

  @Test
  void readsTextWithPercentSignsToo() {
    FalDataUri read = FalDataUri.parse("data:,a%20b%C3%B6", 100);

    assertThat(new String(read.bytes(), UTF_8)).isEqualTo("a bö");
    assertThat(read.mediaType()).isEqualTo("text/plain;charset=US-ASCII");
    assertThat(FalDataUri.parse("DATA:;charset=utf-8,x", 1).mediaType())
        .isEqualTo("text/plain;charset=utf-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "data:canary",
        "data:image/png;base64,can*ry",
        "data:,canary%2",
        "data:,canary%zz",
        "data:no type,canary"
      })
  void refusesWhatIsNoneAndDoesNotRepeatIt(String text) {
    assertThatThrownBy(() -> FalDataUri.parse(text, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data:,aaaaa", "data:;base64,YWFhYWE=", "data:,%41%41%41%41%41"})
  void refusesMoreThanItMayHold(String text) {
    assertThat(FalDataUri.parse(text, 5).bytes()).hasSize(5);
    assertThatThrownBy(() -> FalDataUri.parse(text, 4))
        .hasMessageContaining("holds more than 4 bytes");
  }

  @Test
  void tellsNothingOfWhatItHolds() {
    assertThat(new FalDataUri("text/plain", "canary".getBytes(UTF_8)))
        .hasToString("FalDataUri[text/plain of 6 bytes]");
  }
}
