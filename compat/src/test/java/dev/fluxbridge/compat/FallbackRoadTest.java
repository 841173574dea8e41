package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.OpenAiOnLoopback;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that leave their road, through the whole stack. */
class FallbackRoadTest {
  private static final String KEY = "fluxbridge.fallback.text-to-image";

  private final FalOnLoopback fal = new FalOnLoopback();
  private final OpenAiOnLoopback openai = new OpenAiOnLoopback();

  @AfterEach
  void stop() {
    fal.close();
    openai.close();
  }

  private static ImageRequest request(int side) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of("black-forest-labs/FLUX.1-dev"))
        .prompts(Prompt.of("a red circle"))
        .size(side, side)
        .steps(2)
        .build();
  }

  private ImageResult call(Map<String, String> more) {
    return call(more, 1024);
  }

  private ImageResult call(Map<String, String> more, int side) {
    try (Fluxbridge roads = Fluxbridge.of(settings(more))) {
      return roads.generate(request(side), Progress.NONE);
    }
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    all.put(Settings.LOCAL_CHECKPOINT, "embedded");
    all.putAll(more);
    return fal.settings(all).withEnvironment(openai.environment());
  }

  private BackendException failure(Map<String, String> more) {
    BackendException failure = catchThrowableOfType(BackendException.class, () -> call(more));
    assertThat(failure).isNotNull();
    return failure;
  }

  private static CallObserver hearing(List<RolloutEvent> events) {
    return new CallObserver() {
      @Override
      public Call begins(Decision decision, int phase) {
        return Call.NONE;
      }

      @Override
      public void happened(RolloutEvent event) {
        events.add(event);
      }
    };
  }

  private static boolean localIsInstalled() {
    return FallbackRoadTest.class.getResource(
            "/dev/fluxbridge/compat/local/LocalBackendFactory.class")
        != null;
  }

  @Test
  void withoutARuleAFailureStaysAFailure() {
    fal.unavailable();
    BackendException failure = failure(Map.of());
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(openai.asked()).isZero();
  }

  @Test
  void aRoadThatCannotBeReachedIsLeftAndTheResultSaysSo() {
    fal.unavailable();
    List<RolloutEvent> events = new ArrayList<>();
    Provenance came;
    try (Fluxbridge roads =
        Fluxbridge.builder(settings(Map.of(KEY, "openai"))).observer(hearing(events)).build()) {
      came = roads.generate(request(1024), Progress.NONE).provenance();
    }
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            RolloutEvent.FellBack.class,
            event -> {
              assertThat(event.from()).isEqualTo("fal");
              assertThat(event.backend()).isEqualTo("openai");
              assertThat(event.reason()).isEqualTo(Reason.UNAVAILABLE);
            });
    assertThat(came.backend()).isEqualTo("openai");
    assertThat(came.decision().orElseThrow().cause()).isEqualTo(Cause.FALLBACK);
    assertThat(came.decision().orElseThrow().insteadOf().orElseThrow().backend()).isEqualTo("fal");
    assertThat(came.because())
        .isEqualTo("fal failed with UNAVAILABLE, and system property " + KEY + " says openai");
    assertThat(fal.submitted()).hasSize(1);
  }

  @Test
  void aCallThatWasAcceptedIsNeverPaidForTwice() {
    fal.failing();
    BackendException failure = failure(Map.of(KEY, "openai"));
    assertThat(failure.requestId()).contains("r-1");
    assertThat(openai.asked()).isZero();
  }

  @Test
  void onlyTheNamedReasonsLeadAway() {
    fal.refusing();
    assertThat(failure(Map.of(KEY, "openai")).reason()).isEqualTo(Reason.REFUSED);
    assertThat(openai.asked()).isZero();
    assertThat(call(Map.of(KEY, "openai", KEY + ".on", "REFUSED")).provenance().backend())
        .isEqualTo("openai");
  }

  @Test
  void aTargetThatCannotDoItLeavesTheFirstFailure() {
    fal.refusing();
    BackendException failure =
        failure(Map.of(KEY, "openai", KEY + ".on", "REFUSED", Settings.STRICT, "true"));
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure.getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            BackendException.class,
            other -> assertThat(other.reason()).isEqualTo(Reason.UNSUPPORTED));
    assertThat(openai.asked()).isZero();
  }

  @Test
  void whileTheKillSwitchIsOnNothingElseIsTried() {
    fal.unavailable();
    failure(Map.of(KEY, "openai", Settings.KILL_SWITCH, "fal"));
    assertThat(openai.asked()).isZero();
  }

  @Test
  void aRuleThatMakesNoSenseIsFoundAtTheStart() {
    assertThat(
            catchThrowableOfType(
                IllegalStateException.class, () -> call(Map.of(KEY, "openai", KEY + ".on", "ANY"))))
        .hasMessageContaining("system property " + KEY + ".on says 'ANY'");
  }

  @Test
  void whatWasAcceptedMayStillBeDrawnWhereNobodyBills() {
    assumeTrue(localIsInstalled());
    fal.failing();
    ImageResult result = call(Map.of(KEY, "openai,local"), 64);
    assertThat(result.provenance().backend()).isEqualTo("local");
    assertThat(openai.asked()).isZero();
  }
}
