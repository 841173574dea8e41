package dev.fluxbridge.compat.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final List<String> BOTH = List.of("local", "fal");
  private static final List<String> HOSTED_ONLY = List.of("fal");

  private static Route choose(String value, List<String> installed) {
    return Router.choose(
        Task.TEXT_TO_IMAGE, Optional.of(new Flag(value, "system property x")), installed);
  }

  @Test
  void takesTheRoadThatTheFlagNamesAndSaysWhoSaidSo() {
    assertThat(choose(" fal ", BOTH)).isEqualTo(new Route("fal", "system property x says so"));
  }

  @Test
  void staysOnTheOldRoadWithoutAFlag() {
    assertThat(Router.choose(Task.TEXT_TO_IMAGE, Optional.empty(), BOTH).backend())
        .isEqualTo("local");
  }

  @Test
  void takesTheHostedRoadWithoutAFlagOnceTheOldOneIsGone() {
    assertThat(Router.choose(Task.TEXT_TO_IMAGE, Optional.empty(), HOSTED_ONLY).backend())
        .isEqualTo("fal");
  }

  @Test
  void anUnknownValueIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> choose("fall", BOTH))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("'fall'")
        .hasMessageContaining("local, fal")
        .hasMessageContaining("system property x");
  }

  @Test
  void aRoadThatIsNotInstalledIsAnErrorThatNamesWhatIs() {
    assertThatThrownBy(() -> choose("local", HOSTED_ONLY))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("'local', which is not installed. Installed for text-to-image: fal");
  }

  @Test
  void openAiIsTheLastThatAnUnsetFlagTakesAndTheErrorSaysWhatToAdd() {
    assertThat(Router.choose(Task.INPAINT, Optional.empty(), List.of("openai", "fal")).backend())
        .isEqualTo("fal");
    assertThatThrownBy(() -> choose("openai", BOTH))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining(
            "'openai', which is not installed. Installed for text-to-image: local, fal")
        .hasMessageContaining("add dev.fluxbridge:fluxbridge-providers-openai");
  }
}
