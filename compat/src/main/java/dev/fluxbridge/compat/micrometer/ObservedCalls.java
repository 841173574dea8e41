package dev.fluxbridge.compat.micrometer;

import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Makes an observation of every call and of everything that happens to the rollout, for metrics and
 * for traces. Whatever is observed on the caller's thread meanwhile, requests to a provider say, is
 * a child of the call's.
 *
 * <p>No prompt, no picture and no key stands in it. Safe for use by several threads. What a handler
 * throws is left to {@link dev.fluxbridge.compat.Fluxbridge}, which tells it once.
 */
public final class ObservedCalls implements CallObserver {
  /** The observation of a call. */
  public static final String CALL = "fluxbridge.call";

  /** The observation of something that happened to the rollout; it takes no time. */
  public static final String ROLLOUT = "fluxbridge.rollout";

  /** What stands where there is nothing to say, as metrics want every tag each time. */
  static final String NONE = "none";

  private final ObservationRegistry registry;

  /**
   * @param registry whose handlers see everything
   */
  public ObservedCalls(ObservationRegistry registry) {
    this.registry = registry;
  }

  /** What stands in the observations: for each of them its keys, and what they say. */
  public static Map<String, Map<String, String>> names() {
    Map<String, Map<String, String>> names = new LinkedHashMap<>();
    for (ObservedKey key : ObservedKey.values()) {
      names
          .computeIfAbsent(key.observation, name -> new LinkedHashMap<>())
          .put(key.label, key.text);
    }
    return names;
  }

  @Override
  public Call begins(Decision decision, int phase) {
    Observation observation = observation(decision.task(), phase);
    ObservedCall.say(observation, decision);
    return ObservedCall.start(registry, observation);
  }

  @Override
  public void refused(Task task, int phase, RuntimeException why) {
    Observation observation =
        observation(task, phase)
            .lowCardinalityKeyValue(ObservedKey.BACKEND.label, NONE)
            .lowCardinalityKeyValue(ObservedKey.CAUSE.label, NONE)
            .lowCardinalityKeyValue(ObservedKey.SHADOW.label, NONE)
            .lowCardinalityKeyValue(ObservedKey.FELL_BACK_FROM.label, NONE);
    ObservedCall.start(registry, observation).failed(why);
  }

  private Observation observation(Task task, int phase) {
    return Observation.createNotStarted(CALL, registry)
        .contextualName(CALL + " " + task.label())
        .lowCardinalityKeyValue(ObservedKey.TASK.label, task.label())
        .lowCardinalityKeyValue(ObservedKey.PHASE.label, String.valueOf(phase));
  }

  @Override
  public void happened(RolloutEvent event) {
    boolean ofRoad = event instanceof RolloutEvent.OfRoad;
    Observation.createNotStarted(ROLLOUT, registry)
        .contextualName(ROLLOUT + " " + kind(event.getClass()))
        .lowCardinalityKeyValue(ObservedKey.EVENT.label, kind(event.getClass()))
        .lowCardinalityKeyValue(
            ObservedKey.EVENT_TASK.label,
            event instanceof RolloutEvent.OfRoad road ? road.task().label() : NONE)
        .lowCardinalityKeyValue(
            ObservedKey.EVENT_BACKEND.label,
            ofRoad ? ((RolloutEvent.OfRoad) event).backend() : NONE)
        .highCardinalityKeyValue(ObservedKey.EVENT_TEXT.label, event.text())
        .start()
        .stop();
  }

  /** RolledBack becomes {@code rolled-back}. */
  static String kind(Class<?> event) {
    return event.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
