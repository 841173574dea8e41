package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutRules.Allowance;
import dev.fluxbridge.compat.rollout.RolloutRules.Guard;
import dev.fluxbridge.compat.rollout.RolloutRules.Ramp;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the rules, strictly. */
final class RuleReader {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_SAMPLES = 1_000_000;

  private final Function<String, Optional<Flag>> find;

  RuleReader(Function<String, Optional<Flag>> find) {
    this.find = find;
  }

  RolloutRules rules() {
    Map<Task, Ramp> ramps = new EnumMap<>(Task.class);
    Map<Task, Guard> guards = new EnumMap<>(Task.class);
    for (Task task : Task.values()) {
      Guard guard = guard(task);
      if (!guard.limits().isEmpty()) {
        guards.put(task, guard);
      }
      ramps.put(task, ramp(task, guard));
    }
    Map<String, Allowance> budgets = new HashMap<>();
    for (String name : RolloutRules.BUDGETS) {
      Allowance allowance =
          new Allowance(
              read(RuleKeys.budget(name, "hour"), RuleReader::money),
              read(RuleKeys.budget(name, "day"), RuleReader::money));
      if (allowance.hour().isPresent() || allowance.day().isPresent()) {
        budgets.put(name, allowance);
      }
    }
    return new RolloutRules(store(), ramps, guards, budgets);
  }

  /** What shadows find is kept in the store, and one that costs nothing has no budget to say so. */
  private boolean shadowed() {
    return Stream.of(Task.values())
        .anyMatch(task -> set("fluxbridge.shadow." + task.label()).isPresent());
  }

  private RolloutRules.Store store() {
    String url = read(RuleKeys.URL, Dialect::checked).orElse(RuleKeys.DEFAULT_URL);
    Optional<Flag> set = set(RuleKeys.URL);
    return new RolloutRules.Store(
        url,
        set(RuleKeys.USER).map(Flag::value),
        find.apply(RuleKeys.PASSWORD).map(Flag::value),
        set.isPresent() || shadowed(),
        set.map(Flag::origin).orElse("default of " + RuleKeys.URL));
  }

  private Ramp ramp(Task task, Guard guard) {
    List<Long> steps =
        read(RuleKeys.ramp(task, "steps"), RuleReader::steps).orElse(Ramp.USUAL.steps());
    String key = RuleKeys.ramp(task, "every");
    Optional<Duration> every = read(key, RuleReader::time);
    if (every.isPresent() && guard.limits().isEmpty()) {
      throw wrong(
          set(key).orElseThrow(),
          "a ramp climbs by itself only where a limit can stop it: set at least "
              + RuleKeys.guard(task, "error-rate"));
    }
    return new Ramp(steps, every);
  }

  private Guard guard(Task task) {
    Guard usual = Guard.NONE;
    Map<Metric, Limit> limits = new EnumMap<>(Metric.class);
    limit(task, Metric.ERROR_RATE, RuleReader::portion, limits);
    limit(task, Metric.LATENCY_P95, multipleOr(RuleReader::milliseconds), limits);
    limit(task, Metric.COST_PER_CALL, text -> fixed(money(text).doubleValue()), limits);
    limit(task, Metric.DISTANCE, multipleOr(RuleReader::number), limits);
    if (task == Task.INPAINT) {
      limit(task, Metric.MASK_CHANGED, RuleReader::portion, limits);
    }
    int samples =
        read(RuleKeys.guard(task, "min-samples"), RuleReader::count).orElse(usual.minSamples());
    return new Guard(
        read(RuleKeys.guard(task, "window"), RuleReader::window).orElse(usual.window()),
        samples,
        read(RuleKeys.guard(task, "min-compared"), RuleReader::count).orElse(samples),
        limits,
        read(RuleKeys.guard(task, "on-breach"), RuleReader::byStep).orElse(false),
        read(RuleKeys.guard(task, "cool-down"), RuleReader::time),
        read(RuleKeys.guard(task, "clear"), text -> portion(text).value()).orElse(usual.clear()),
        read(RuleKeys.guard(task, "excused"), RuleReader::reasons).orElse(usual.excused()));
  }

  private void limit(
      Task task, Metric metric, Function<String, Limit> parse, Map<Metric, Limit> limits) {
    read(RuleKeys.guard(task, metric.label()), parse).ifPresent(limit -> limits.put(metric, limit));
  }

  private Optional<Flag> set(String key) {
    return find.apply(key).map(flag -> new Flag(flag.value().strip(), flag.origin()));
  }

  /** What a parser throws completes "but must be ...". */
  private <T> Optional<T> read(String key, Function<String, T> parse) {
    Optional<Flag> flag = set(key);
    try {
      return flag.map(Flag::value).map(parse);
    } catch (IllegalArgumentException e) {
      throw wrong(flag.orElseThrow(), "must be " + e.getMessage());
    }
  }

  private static IllegalStateException wrong(Flag flag, String right) {
    return new IllegalStateException(
        "The %s says '%s' but %s".formatted(flag.origin(), flag.value(), right));
  }

  private static List<Long> steps(String text) {
    String right = "percentages that rise, such as 1,5,25,50,100";
    List<Long> steps = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      long step;
      try {
        step = Shares.parse(part);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(right, e);
      }
      if (!steps.isEmpty() && step <= steps.get(steps.size() - 1)) {
        throw new IllegalArgumentException(right);
      }
      steps.add(step);
    }
    if (steps.equals(List.of(0L))) {
      throw new IllegalArgumentException(right);
    }
    return steps;
  }

  private static Duration time(String text) {
    return time(text, "a time above 0 in ISO-8601, such as PT1H");
  }

  private static Duration time(String text, String right) {
    try {
      Duration time = Duration.parse(text);
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException(right);
      }
      return time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(right, e);
    }
  }

  private static Duration window(String text) {
    String right = "a time from PT10S to PT24H in ISO-8601, such as PT10M";
    Duration window = time(text, right);
    if (window.compareTo(Span.FINE.length) < 0 || window.compareTo(DAY) > 0) {
      throw new IllegalArgumentException(right);
    }
    return window;
  }

  private static int count(String text) {
    if (!text.matches("\\d{1,7}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MOST_SAMPLES) {
      throw new IllegalArgumentException("a number from 1 to " + MOST_SAMPLES);
    }
    return Integer.parseInt(text);
  }

  private static Limit portion(String text) {
    String right = "a percentage above 0 and up to 100, such as 5%";
    try {
      long share = Shares.parse(text);
      if (share == 0) {
        throw new IllegalArgumentException(right);
      }
      return fixed((double) share / Shares.WHOLE);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(right, e);
    }
  }

  private static Function<String, Limit> multipleOr(Function<String, Limit> parse) {
    return text -> {
      if (!text.endsWith("x")) {
        return parse.apply(text);
      }
      return new Limit(number(text.substring(0, text.length() - 1)).value(), true);
    };
  }

  private static Limit milliseconds(String text) {
    return fixed(
        (double)
            time(
                    text,
                    "a time above 0 in ISO-8601, such as PT20S, or a multiple of the old road's,"
                        + " such as 1.5x")
                .toMillis());
  }

  private static Limit number(String text) {
    if (!text.matches("\\d{1,6}(\\.\\d{1,6})?") || Double.parseDouble(text) == 0) {
      throw new IllegalArgumentException(
          "a number above 0, such as 0.4, or a multiple of what the old road does, such as 1.5x");
    }
    return fixed(Double.parseDouble(text));
  }

  private static BigDecimal money(String text) {
    if (!text.matches("\\d{1,7}(\\.\\d{1,9})?") || new BigDecimal(text).signum() == 0) {
      throw new IllegalArgumentException(
          "an amount of money above 0, without a currency, such as 0.10");
    }
    return new BigDecimal(text);
  }

  private static Limit fixed(double value) {
    return new Limit(value, false);
  }

  private static boolean byStep(String text) {
    return switch (text) {
      case "zero" -> false;
      case "step" -> true;
      default -> throw new IllegalArgumentException("zero or step");
    };
  }

  private static Set<Reason> reasons(String text) {
    Set<Reason> excused = EnumSet.copyOf(Guard.CALLERS_OWN);
    for (String part : text.split(",", -1)) {
      excused.add(
          Stream.of(Reason.values())
              .filter(reason -> label(reason).equals(part.strip()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "one or more, with commas between, of "
                              + String.join(
                                  ", ",
                                  Stream.of(Reason.values()).map(RuleReader::label).toList()))));
    }
    return excused;
  }

  private static String label(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
