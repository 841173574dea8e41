package dev.fluxbridge.compat.micrometer;

import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Provenance;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Scope;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one call, open on the caller's thread as long as the call lasts. Whatever its
 * handlers throw, the thread has afterwards what it had before.
 */
final class ObservedCall implements CallObserver.Call {
  private final ObservationRegistry registry;
  private final @Nullable Scope before;
  private final Observation observation;
  private final Scope scope;

  private ObservedCall(
      ObservationRegistry registry, @Nullable Scope before, Observation observation, Scope scope) {
    this.registry = registry;
    this.before = before;
    this.observation = observation;
    this.scope = scope;
  }

  static ObservedCall start(ObservationRegistry registry, Observation observation) {
    Scope before = registry.getCurrentObservationScope();
    try {
      return new ObservedCall(registry, before, observation, observation.start().openScope());
    } catch (RuntimeException e) {
      registry.setCurrentObservationScope(before);
      throw e;
    }
  }

  static void say(Observation observation, Decision decision) {
    observation
        .lowCardinalityKeyValue(ObservedKey.BACKEND.label, decision.backend())
        .lowCardinalityKeyValue(ObservedKey.CAUSE.label, decision.cause().label())
        .lowCardinalityKeyValue(
            ObservedKey.SHADOW.label, decision.shadow().orElse(ObservedCalls.NONE))
        .lowCardinalityKeyValue(
            ObservedKey.FELL_BACK_FROM.label,
            decision.insteadOf().map(Decision::backend).orElse(ObservedCalls.NONE));
  }

  @Override
  public void ended(ImageResult result) {
    Provenance provenance = result.provenance();
    provenance.decision().ifPresent(decision -> say(observation, decision));
    observation.highCardinalityKeyValue(ObservedKey.MODEL.label, provenance.model());
    say(provenance.requestIds());
    stop("ok");
  }

  @Override
  public void failed(Throwable why) {
    String outcome = "failed";
    if (why instanceof BackendException failure) {
      outcome = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
      say(failure.requestId().stream().toList());
    }
    try {
      observation.error(why);
    } finally {
      stop(outcome);
    }
  }

  private void say(List<String> requestIds) {
    if (!requestIds.isEmpty()) {
      observation.highCardinalityKeyValue(
          ObservedKey.REQUEST_IDS.label, String.join(" ", requestIds));
    }
  }

  private void stop(String outcome) {
    observation.lowCardinalityKeyValue(ObservedKey.OUTCOME.label, outcome);
    try {
      scope.close();
    } finally {
      registry.setCurrentObservationScope(before);
      observation.stop();
    }
  }
}
