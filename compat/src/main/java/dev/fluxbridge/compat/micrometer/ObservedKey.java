package dev.fluxbridge.compat.micrometer;

import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.Decision.Cause;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of the observations, and what each says. */
enum ObservedKey {
  TASK(ObservedCalls.CALL, "task", "what the call is about, for example `text-to-image`"),
  BACKEND(
      ObservedCalls.CALL,
      "backend",
      "the road that it took, the second one after a fallback; `none` if it had none"),
  CAUSE(
      ObservedCalls.CALL,
      "cause",
      "what kind of rule chose it: "
          + Arrays.stream(Cause.values())
              .map(cause -> "`" + cause.label() + "`")
              .collect(Collectors.joining(", "))),
  OUTCOME(
      ObservedCalls.CALL,
      "outcome",
      "`ok`, or the reason of its error, for example `unavailable`; `failed` for other errors. Not there while the call lasts"),
  SHADOW(
      ObservedCalls.CALL, "shadow", "the road that draws the same beside it; `none` without one"),
  FELL_BACK_FROM(
      ObservedCalls.CALL,
      "fell-back-from",
      "after a fallback the road that failed first; `none` without one"),
  PHASE(ObservedCalls.CALL, "phase", "of the migration: `1`, `2` or `3`"),
  MODEL(ObservedCalls.CALL, "model", "traces only: the checkpoint or the provider's endpoint"),
  REQUEST_IDS(
      ObservedCalls.CALL,
      "request-ids",
      "traces only: the provider's ids, as its dashboard has them"),
  EVENT(ObservedCalls.ROLLOUT, "event", "what happened: " + events()),
  EVENT_TASK(ObservedCalls.ROLLOUT, "task", "to calls of which task; `none` if to all"),
  EVENT_BACKEND(ObservedCalls.ROLLOUT, "backend", "to which road; `none` if to none alone"),
  EVENT_TEXT(ObservedCalls.ROLLOUT, "text", "traces only: the same in a sentence");

  final String observation;
  final String label;
  final String text;

  ObservedKey(String observation, String label, String text) {
    this.observation = observation;
    this.label = label;
    this.text = text;
  }

  private static String events() {
    return kinds(RolloutEvent.class)
        .map(kind -> "`" + ObservedCalls.kind(kind) + "`")
        .distinct()
        // Compilers list the kinds of a sealed type in orders of their own.
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ObservedKey::kinds)
        : Stream.of(type);
  }
}
