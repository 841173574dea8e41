package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiConfigTest {
  private static OpenAiConfig of(String variable, String value) {
    return OpenAiConfig.fromEnvironment(Map.of(variable, value)::get);
  }

  @Test
  void nothingSaidMeansTheDefaults() {
    OpenAiConfig config = OpenAiConfig.fromEnvironment(name -> null);
    assertThat(config.baseUrl()).isEqualTo(URI.create("https://api.openai.com/v1"));
    assertThat(config.imageModel()).isEqualTo("gpt-image-2.5-sunburst");
    assertThat(config.quality()).isEqualTo("auto");
    assertThat(config.deadline()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.strict()).isFalse();
  }

  @Test
  void takesWhatTheEnvironmentSays() {
    assertThat(of("OPENAI_IMAGE_MODEL", " gpt-image-2 ").imageModel()).isEqualTo("gpt-image-2");
    assertThat(of("OPENAI_IMAGE_QUALITY", "low").quality()).isEqualTo("low");
    assertThat(of("OPENAI_ORG_ID", "org-1").organization()).contains("org-1");
    assertThat(of("OPENAI_PROJECT_ID", " ").project()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://api.example.com/v1", "nonsense", "ftp://a/b", "https://u:p@a/v1", "::"})
  void anAddressThatTheKeyMustNotGoToIsRefusedByName(String address) {
    assertThatThrownBy(() -> of("OPENAI_BASE_URL", address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OPENAI_BASE_URL");
  }

  @Test
  void anUnknownQualityIsRefusedByName() {
    assertThatThrownBy(() -> of("OPENAI_IMAGE_QUALITY", "best"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OPENAI_IMAGE_QUALITY")
        .hasMessageContaining("'best'");
  }

  @Test
  void aKeyThatDoesNotFitIntoAHeaderIsRefusedAndNotRepeated() {
    assertThatThrownBy(OpenAiCredentials.of("sk-canary\u00e9")::key)
        .hasMessageContaining("OPENAI_API_KEY")
        .hasMessageNotContaining("canary");
  }
}
