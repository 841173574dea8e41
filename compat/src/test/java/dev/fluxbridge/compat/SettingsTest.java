package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final String KEY = "fluxbridge.route.text-to-image";
  private static final String VARIABLE = "FLUXBRIDGE_ROUTE_TEXT_TO_IMAGE";

  @Test
  void aSystemPropertyWinsOverAVariableAndThatOverTheFile() {
    Map<String, String> properties = new HashMap<>(Map.of(KEY, "a"));
    Map<String, String> environment = new HashMap<>(Map.of(VARIABLE, "b"));
    Settings settings = Settings.of(properties, environment, Map.of(KEY, "c"));

    assertThat(settings.flag(Task.TEXT_TO_IMAGE, null))
        .isEqualTo(new Flag("a", "system property " + KEY));
    properties.clear();
    assertThat(settings.flag(Task.TEXT_TO_IMAGE, null))
        .isEqualTo(new Flag("b", "environment variable " + VARIABLE));
    environment.clear();
    assertThat(settings.flag(Task.TEXT_TO_IMAGE, null))
        .isEqualTo(new Flag("c", "key " + KEY + " in fluxbridge.properties"));
  }

  @Test
  void blankCountsAsNotSet() {
    Settings settings = Settings.of(Map.of(KEY, " "), Map.of(VARIABLE, ""), Map.of());
    assertThat(settings.flag(Task.TEXT_TO_IMAGE, null)).isNull();
  }

  @Test
  void readsTheFileThatIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.properties"), KEY + " = fal\n");
    Map<String, String> properties = Map.of(Settings.FILE, file.toString());
    Settings settings = Settings.ofProcess(properties::get, name -> null);
    assertThat(settings.flag(Task.TEXT_TO_IMAGE, null))
        .isEqualTo(new Flag("fal", "key " + KEY + " in " + file + ", line 1"));
  }

  @Test
  void aNamedFileThatIsMissingIsAnErrorThatNamesIt(@TempDir Path folder) {
    Map<String, String> properties =
        Map.of(Settings.FILE, folder.resolve("none.properties").toString());
    assertThatThrownBy(() -> Settings.ofProcess(properties::get, name -> null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none.properties");
  }

  @Test
  void aKeyThatNothingReadsIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(
            () -> Settings.of(Map.of(), Map.of(), Map.of("fluxbridge.rout.text-to-image", "fal")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fluxbridge.rout.text-to-image")
        .hasMessageContaining(KEY);
  }

  @Test
  void aSwitchIsTrueOrFalseAndNothingElse() {
    assertThat(Settings.of(Map.of(), Map.of(), Map.of()).isOn(Settings.STRICT)).isFalse();
    assertThat(
            Settings.of(Map.of(Settings.STRICT, "true"), Map.of(), Map.of()).isOn(Settings.STRICT))
        .isTrue();
    assertThatThrownBy(
            () ->
                Settings.of(Map.of(Settings.STRICT, "yes"), Map.of(), Map.of())
                    .isOn(Settings.STRICT))
        .hasMessageContaining("'yes'")
        .hasMessageContaining("true or false");
  }

  @Test
  void neverShowsAValue() {
    Settings settings =
        Settings.of(Map.of(), Map.of("FAL_KEY", "id:secret"), Map.of())
            .withEnvironment(Map.of("FAL_KEY", "id:other"));
    assertThat(settings.environment("FAL_KEY")).isEqualTo("id:other");
    assertThat(settings.toString()).doesNotContain("secret").doesNotContain("other");
  }
}
