package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names of the keys, and a line about each for the guide. */
final class RuleKeys {
  static final String URL = "fluxbridge.state.url";
  static final String USER = "fluxbridge.state.user";
  static final String PASSWORD = "fluxbridge.state.password";

  /** Beside {@code fluxbridge.properties}, which is looked for in the working directory too. */
  static final String DEFAULT_URL = "jdbc:sqlite:fluxbridge-state.db";

  private RuleKeys() {}

  static String ramp(Task task, String what) {
    return "fluxbridge.ramp." + task.label() + "." + what;
  }

  static String guard(Task task, String what) {
    return "fluxbridge.guard." + task.label() + "." + what;
  }

  static String budget(String name, String what) {
    return "fluxbridge.budget." + name + "." + what;
  }

  static Map<String, String> all() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(
        URL,
        "where a rollout's state is kept: `jdbc:sqlite:FILE`, or `jdbc:postgresql://HOST/DATABASE` where several machines share it; `"
            + DEFAULT_URL
            + "` in the working directory unless set, made only where a ramp, a guard, a budget or a shadow needs it");
    keys.put(USER, "the user of the PostgreSQL database");
    keys.put(PASSWORD, "that user's password; best set in the environment");
    for (String budget : RolloutRules.BUDGETS) {
      keys.put(
          budget(budget, "hour"),
          "what the %s may spend in any sixty minutes, for example `5.00`".formatted(budget));
      keys.put(
          budget(budget, "day"),
          "what the %s may spend in any twenty-four hours; with neither it spends nothing"
              .formatted(budget));
    }
    for (Task task : Task.values()) {
      of(task, keys);
    }
    return keys;
  }

  private static void of(Task task, Map<String, String> keys) {
    keys.put(
        ramp(task, "steps"),
        "percentages of the new road, rising, where the flag is a ramp such as `local->fal`; `1,5,25,50,100` unless set");
    keys.put(
        ramp(task, "every"),
        "climbs a step after this time, in ISO-8601, if every limit holds and enough calls were seen; unset: a person climbs");
    keys.put(guard(task, "window"), "over how long the new road is judged; `PT10M` unless set");
    keys.put(
        guard(task, "min-samples"),
        "from how many calls in the window on a value is judged; `20` unless set");
    keys.put(
        guard(task, "min-compared"),
        "the same for `distance` and `mask-changed`; as `min-samples` unless set");
    keys.put(guard(task, "error-rate"), "the largest share of calls that may fail, such as `5%`");
    keys.put(
        guard(task, "latency-p95"),
        "the time that 95 % of the calls must stay below, such as `PT20S`, or a multiple of the old road's, such as `1.5x`");
    keys.put(guard(task, "cost-per-call"), "what a call may cost on average, such as `0.10`");
    keys.put(
        guard(task, "distance"),
        "how far pictures may be from the old road's on average, such as `0.4`, or a multiple of the noise floor's 95 %, such as `1.5x`");
    if (task == Task.INPAINT) {
      keys.put(
          guard(task, "mask-changed"),
          "the largest share of the pixels under the mask that may change on average, such as `2%`");
    }
    keys.put(
        guard(task, "excused"),
        "failures that do not count, besides those that are the caller's own (`invalid`, `cancelled`), such as `refused`");
    keys.put(
        guard(task, "on-breach"),
        "where the new road goes when a limit is broken: `zero`, or a ramp's `step` back; `zero` unless set");
    keys.put(
        guard(task, "cool-down"),
        "after how long it may rise again by itself, doubled each time that it breaks a limit again on its way up; unset: a person releases it");
    keys.put(
        guard(task, "clear"),
        "below which share of its limit every value must be before it rises again; `80%` unless set");
  }
}
