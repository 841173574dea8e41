package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.fal.FalLifecycle.Access;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FalLifecycleTest {

  @Test
  void saysNothingWhereNothingIsSet() {
    assertThat(FalLifecycle.DEFAULT.json()).isEmpty();
  }

  @Test
  void leavesOutWhatIsNotSet() {
    assertThat(FalLifecycle.expiringAfter(Duration.ofDays(1)).json())
        .contains("{\"expiration_duration_seconds\":86400}");
    assertThat(FalLifecycle.DEFAULT.withAccess(Access.HIDE).json())
        .contains("{\"initial_acl\":{\"default\":\"hide\"}}");
    assertThat(FalLifecycle.DEFAULT.withRule("ann", Access.ALLOW).json())
        .contains("{\"initial_acl\":{\"rules\":[{\"user\":\"ann\",\"decision\":\"allow\"}]}}");
  }

  @Test
  void keepsTheRulesInTheirOrder() {
    FalLifecycle lifecycle =
        FalLifecycle.expiringAfter(Duration.ofMinutes(1))
            .withAccess(Access.FORBID)
            .withRule("zoe", Access.ALLOW)
            .withRule("a\"b", Access.HIDE);

    assertThat(lifecycle.json())
        .contains(
            "{\"expiration_duration_seconds\":60,\"initial_acl\":{\"default\":\"forbid\",\"rules\":["
                + "{\"user\":\"zoe\",\"decision\":\"allow\"},"
                + "{\"user\":\"a\\\"b\",\"decision\":\"hide\"}]}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.5S"})
  void refusesAnExpirationThatIsNoWholeNumberOfSeconds(Duration time) {
    assertThatThrownBy(() -> FalLifecycle.expiringAfter(time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(time.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\r\nX-Evil: 1", "\u00fc"})
  void refusesAUserThatCannotStandInAHeader(String user) {
    assertThatThrownBy(() -> FalLifecycle.DEFAULT.withRule(user, Access.ALLOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nickname");
  }
}
