package dev.fluxbridge.compat.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FallbackTest {
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final String KEY = "fluxbridge.fallback.text-to-image";

  private static Function<String, Optional<Flag>> saying(Map<String, String> values) {
    return key ->
        Optional.ofNullable(values.get(key)).map(value -> new Flag(value, "line 3 of a file"));
  }

  private static Fallback rule(String targets, String on) {
    return Fallback.of(TASK, saying(Map.of(KEY, targets, KEY + ".on", on))).orElseThrow();
  }

  private static Decision first(String backend) {
    return new Decision(TASK, backend, Cause.FLAG, "a flag says so");
  }

  private static BackendException failure(Reason reason) {
    return new BackendException(reason, "no");
  }

  @Test
  void thereIsNoneUnlessSomebodyWroteOne() {
    assertThat(Fallback.of(TASK, saying(Map.of()))).isEmpty();
  }

  @Test
  void unlessSaidOtherwiseOnlyARoadThatCannotBeReachedIsLeft() {
    Fallback rule = Fallback.of(TASK, saying(Map.of(KEY, "local, openai"))).orElseThrow();
    assertThat(rule.targets()).containsExactly("local", "openai");
    assertThat(rule.on()).containsExactly(Reason.UNAVAILABLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"INVALID", "CANCELLED", "AMBIGUOUS"})
  void someFailuresLeadNowhereWhateverIsWritten(Reason reason) {
    assertThatThrownBy(() -> rule("local", "UNAVAILABLE," + reason))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("line 3 of a file")
        .hasMessageContaining("UNAVAILABLE, UNSUPPORTED, REFUSED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIMEOUT", "bad-reply"})
  void whatMayBeBilledIsOnlyDrawnAgainWhereThatIsFree(String reason) {
    assertThat(rule("local", reason).on()).hasSize(1);
    assertThatThrownBy(() -> rule("local,fal", reason))
        .hasMessageContaining("may have been billed already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lokal", "local,local", "local,"})
  void aTargetIsABackendAndWrittenOnce(String targets) {
    assertThatThrownBy(() -> rule(targets, "UNAVAILABLE"))
        .hasMessageContaining("line 3 of a file says '" + targets.strip() + "'")
        .hasMessageContaining("local, fal, openai");
  }

  @Test
  void reasonsWithoutATargetAreAMistake() {
    assertThatThrownBy(() -> Fallback.all(saying(Map.of(KEY + ".on", "REFUSED"))))
        .hasMessageContaining("set " + KEY + " too");
  }

  @Test
  void aPaidRoadIsTriedOnlyIfTheCallWasCertainlyNotAccepted() {
    Fallback rule = rule("openai,local", "UNAVAILABLE");
    BackendException plain = failure(Reason.UNAVAILABLE);
    BackendException named = new BackendException(Reason.UNAVAILABLE, "no", "r-1", null);
    assertThat(rule.leadsTo("openai", first("fal"), plain, false)).isTrue();
    assertThat(rule.leadsTo("openai", first("fal"), plain, true)).isFalse();
    assertThat(rule.leadsTo("openai", first("fal"), named, false)).isFalse();
    assertThat(rule.leadsTo("local", first("fal"), named, true)).isTrue();
  }

  @Test
  void aRoadIsNeverItsOwnWayOut() {
    assertThat(
            rule("local,fal", "UNAVAILABLE")
                .leadsTo("local", first("local"), failure(Reason.UNAVAILABLE), false))
        .isFalse();
  }

  @Test
  void onlyTheNamedFailuresLeadAway() {
    Fallback rule = rule("local", "unsupported");
    assertThat(rule.leadsTo("local", first("fal"), failure(Reason.UNSUPPORTED), false)).isTrue();
    assertThat(rule.leadsTo("local", first("fal"), failure(Reason.UNAVAILABLE), false)).isFalse();
  }

  @Test
  void theDecisionTellsTheFirstChoiceAndTheRule() {
    Decision decision =
        rule("local", "UNAVAILABLE").decision("local", first("fal"), Reason.UNAVAILABLE);
    assertThat(decision.cause()).isEqualTo(Cause.FALLBACK);
    assertThat(decision.insteadOf()).contains(first("fal"));
    assertThat(decision.because())
        .isEqualTo("fal failed with UNAVAILABLE, and line 3 of a file says local");
  }
}
