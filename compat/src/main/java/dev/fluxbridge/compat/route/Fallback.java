package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a call goes whose road failed: only where somebody wrote it, and never so that a call is
 * paid for twice. It makes no call itself. Immutable and pure.
 *
 * @param task of which calls
 * @param targets the backends to try, in this order, each at most once a call
 * @param on the failures for which they are tried
 * @param origin where the targets were set
 */
public record Fallback(Task task, List<String> targets, Set<Reason> on, String origin) {
  /** The one road on which nothing is ever paid for. */
  private static final String FREE = "local";

  private static final Set<Reason> BEFORE_THE_WORK =
      Set.of(Reason.UNAVAILABLE, Reason.UNSUPPORTED, Reason.REFUSED);

  /** These may have been billed, so another paid road is no way out of them. */
  private static final Set<Reason> PERHAPS_BILLED = Set.of(Reason.TIMEOUT, Reason.BAD_REPLY);

  public Fallback {
    targets = List.copyOf(targets);
    on = Set.copyOf(on);
  }

  /** Every key that {@link #of} reads, with what it does. */
  public static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    tasks()
        .forEach(
            task -> {
              keys.put(
                  key(task),
                  "where a call goes whose road [failed](#fallback): one backend or several in order, such as `local`; unset: nowhere");
              keys.put(
                  key(task) + ".on",
                  "for which failures: `UNAVAILABLE` unless set, also `UNSUPPORTED` and `REFUSED`; `TIMEOUT` and `BAD_REPLY` only with `local` alone");
            });
    return keys;
  }

  private static Stream<Task> tasks() {
    return Stream.of(Task.values()).filter(Task::drawsPictures);
  }

  private static String key(Task task) {
    return "fluxbridge.fallback." + task.label();
  }

  /**
   * Reads the rules of all tasks.
   *
   * @throws IllegalStateException for the first that makes no sense, as {@link #of}
   */
  public static Map<Task, Fallback> all(Function<String, Optional<Flag>> find) {
    Map<Task, Fallback> rules = new EnumMap<>(Task.class);
    tasks().forEach(task -> of(task, find).ifPresent(rule -> rules.put(task, rule)));
    return rules;
  }

  /**
   * Reads the rule of a task.
   *
   * @param find a key's value and where it was set
   * @return empty if nobody wrote one
   * @throws IllegalStateException if a value makes no sense, naming the value, where it was set,
   *     and what is right
   */
  public static Optional<Fallback> of(Task task, Function<String, Optional<Flag>> find) {
    Optional<Flag> to = find.apply(key(task));
    Optional<Flag> on = find.apply(key(task) + ".on");
    if (to.isEmpty()) {
      on.ifPresent(
          flag -> {
            throw wrong(flag, "it leads nowhere: set %s too, or take it away".formatted(key(task)));
          });
      return Optional.empty();
    }
    List<String> targets = parts(to.get());
    if (!Router.KNOWN.containsAll(targets) || Set.copyOf(targets).size() < targets.size()) {
      throw wrong(
          to.get(),
          "it must be one or more of %s, with commas between and none of them twice"
              .formatted(String.join(", ", Router.KNOWN)));
    }
    Set<Reason> reasons =
        on.map(flag -> reasons(flag, targets)).orElse(EnumSet.of(Reason.UNAVAILABLE));
    return Optional.of(new Fallback(task, targets, reasons, to.get().origin()));
  }

  private static Set<Reason> reasons(Flag flag, List<String> targets) {
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (String part : parts(flag)) {
      Reason reason =
          Stream.of(Reason.values())
              .filter(one -> one.name().equals(part.toUpperCase(Locale.ROOT).replace('-', '_')))
              .findFirst()
              .orElse(null);
      if (reason != null && PERHAPS_BILLED.contains(reason) && !targets.equals(List.of(FREE))) {
        throw wrong(
            flag,
            "%s may have been billed already: it can be named only where %s alone draws instead"
                .formatted(reason, FREE));
      }
      if (reason == null
          || !(BEFORE_THE_WORK.contains(reason) || PERHAPS_BILLED.contains(reason))) {
        throw wrong(
            flag,
            "it must be one or more of UNAVAILABLE, UNSUPPORTED, REFUSED, with commas between, and with %s alone also TIMEOUT, BAD_REPLY"
                .formatted(FREE));
      }
      reasons.add(reason);
    }
    return reasons;
  }

  private static List<String> parts(Flag flag) {
    return Stream.of(flag.value().split(",", -1)).map(String::strip).collect(Collectors.toList());
  }

  private static IllegalStateException wrong(Flag flag, String right) {
    return new IllegalStateException(
        "The %s says '%s', but %s".formatted(flag.origin(), flag.value().strip(), right));
  }

  /**
   * Whether a failed call may go to a target.
   *
   * @param failed the road that failed
   * @param failure how it failed
   * @param accepted whether a provider was seen to take the call
   */
  public boolean leadsTo(
      String target, Decision failed, BackendException failure, boolean accepted) {
    return on.contains(failure.reason())
        && !target.equals(failed.backend())
        && (target.equals(FREE) || !mayBeBilled(failed.backend(), failure, accepted));
  }

  /** Whether the failed call may have been taken, and so paid for, as far as anyone knows. */
  public static boolean mayBeBilled(String backend, BackendException failure, boolean accepted) {
    return !backend.equals(FREE)
        && (accepted
            || failure.requestId().isPresent()
            || failure.reason() == Reason.AMBIGUOUS
            || PERHAPS_BILLED.contains(failure.reason()));
  }

  /** What the result says of a call that a target draws. */
  public Decision decision(String target, Decision first, Reason why) {
    return new Decision(
            task,
            target,
            Cause.FALLBACK,
            "%s failed with %s, and %s says %s"
                .formatted(first.backend(), why, origin, String.join(", ", targets)),
            Optional.empty(),
            first.shadow().filter(shadow -> !shadow.equals(target)))
        .insteadOf(first);
  }
}
