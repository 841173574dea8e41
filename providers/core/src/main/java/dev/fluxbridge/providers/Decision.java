package dev.fluxbridge.providers;

import java.util.Locale;
import java.util.Optional;

/**
 * Which road a call takes, and why. It stands in every result. Immutable.
 *
 * @param task what the call is about
 * @param backend the backend's name
 * @param cause what kind of rule chose it
 * @param because the same in words for people, with the place where the rule is written
 * @param insteadOf the first choice, where its road failed before it took the call and a rule sent
 *     the call here
 * @param shadow the backend that draws the same again beside this call, for comparison
 */
public record Decision(
    Task task,
    String backend,
    Cause cause,
    String because,
    Optional<Decision> insteadOf,
    Optional<String> shadow) {

  /** A choice that nothing has failed before, and without a shadow. */
  public Decision(Task task, String backend, Cause cause, String because) {
    this(task, backend, cause, because, Optional.empty(), Optional.empty());
  }

  /** The same choice, with another backend drawing beside it. */
  public Decision withShadow(String other) {
    return new Decision(task, backend, cause, because, insteadOf, Optional.of(other));
  }

  /** The same choice, made because of a first one whose road failed. */
  public Decision insteadOf(Decision first) {
    return new Decision(task, backend, cause, because, Optional.of(first), shadow);
  }

  /** What kind of rule chose a road. */
  public enum Cause {
    /** No flag is set: the phase says which road is the ordinary one. */
    DEFAULT,
    /** The flag names one road. */
    FLAG,
    /** The flag splits the calls, by their routing keys. */
    SPLIT,
    /** The flag is a ramp, and the call is on one side of its step. */
    RAMP,
    /** The call would have gone to a road that a breach holds back. */
    HELD,
    /** The kill switch is on. */
    KILL_SWITCH,
    /** The first choice failed, and a rule names this road for it. */
    FALLBACK;

    /** The name in reports and metrics, for example {@code kill-switch}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
