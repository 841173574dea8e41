package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The global kill switch: off, or one road for every call whatever the flags say, or no calls at
 * all. A value that makes no sense leaves it as it was.
 */
final class KillSwitch {
  private static final String OFF = "off";
  private static final String REFUSE = "refuse";

  private final Consumer<String> alarm;
  private volatile State state = State.IS_OFF;
  private volatile @Nullable Flag senseless;

  KillSwitch(Consumer<String> alarm) {
    this.alarm = alarm;
  }

  /** What the switch says. The same flag is not read twice. */
  State state(@Nullable Flag flag) {
    State known = state;
    if (Objects.equals(flag, known.flag) || (flag != null && flag.equals(senseless))) {
      return known;
    }
    try {
      known = flag == null ? State.IS_OFF : parse(flag);
      state = known;
      senseless = null;
    } catch (IllegalArgumentException e) {
      senseless = flag;
      alarm.accept(e.getMessage() + ". The kill switch stays as it was");
    }
    return known;
  }

  /**
   * Reads the switch.
   *
   * @throws IllegalArgumentException if it makes no sense, saying where it was set
   */
  static State parse(Flag flag) {
    String value = flag.value().strip();
    if (value.equals(OFF) || value.equals(REFUSE) || Router.KNOWN.contains(value)) {
      return new State(flag, value);
    }
    throw new IllegalArgumentException(
        "The %s is the kill switch and says '%s', but must be %s, %s or one of the backends %s"
            .formatted(flag.origin(), value, OFF, REFUSE, String.join(", ", Router.KNOWN)));
  }

  /** What the switch says. */
  static final class State {
    private static final State IS_OFF = new State(null, OFF);

    private final @Nullable Flag flag;
    private final String value;
    private final Map<Task, Decision> decisions = new EnumMap<>(Task.class);

    private State(@Nullable Flag flag, String value) {
      this.flag = flag;
      this.value = value;
      if (flag != null && Router.KNOWN.contains(value)) {
        for (Task task : Task.values()) {
          decisions.put(
              task,
              new Decision(
                  task, value, Cause.KILL_SWITCH, "the kill switch is on: " + flag.origin()));
        }
      }
    }

    boolean isOn() {
      return !value.equals(OFF);
    }

    Decision decision(Task task) {
      Decision decision = decisions.get(task);
      if (decision == null) {
        throw new BackendException(
            Reason.UNAVAILABLE,
            "The kill switch refuses all calls%s"
                .formatted(flag == null ? "" : ": " + flag.origin()));
      }
      return decision;
    }
  }
}
