package dev.fluxbridge.compat.route;

import dev.fluxbridge.compat.route.KillSwitch.State;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the road of each call: from the kill switch, from the task's flag and its routing key,
 * from the ceilings that a rollout sets, and from what is installed. It does not know what a
 * backend is, and draws nothing. Safe for use by several threads.
 *
 * <p>A flag that names one road costs no allocation. A flag that changes to something senseless is
 * told once, and the last good one goes on.
 */
public final class Router {

  /**
   * Every backend that a flag may name, installed or not, in the order in which an unset flag
   * prefers them as long as the old road is the ordinary one.
   */
  public static final List<String> KNOWN = List.of("local", "fal", "openai");

  /** What to add to the class path for a backend that is not there. */
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "local", "dev.fluxbridge:fluxbridge-legacy-local",
          "fal", "dev.fluxbridge:fluxbridge-providers-fal",
          "openai", "dev.fluxbridge:fluxbridge-providers-openai");

  private final FlagSource flags;
  private final List<String> installed;
  private final Supplier<Ceilings> ceilings;
  private final Map<Task, TaskFlag> tasks = new EnumMap<>(Task.class);
  private final KillSwitch killSwitch;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param flags what somebody set
   * @param installed the backends that are there
   * @param hostedFirst whether an unset flag prefers hosted roads to the local one
   * @param ceilings how much each road may have now
   * @param alarm told once of each flag that makes no sense, while the last good one goes on
   */
  public Router(
      FlagSource flags,
      List<String> installed,
      boolean hostedFirst,
      Supplier<Ceilings> ceilings,
      Consumer<String> alarm) {
    this.flags = flags;
    this.installed = List.copyOf(installed);
    this.ceilings = ceilings;
    this.killSwitch = new KillSwitch(alarm);
    for (Task task : Task.values()) {
      tasks.put(task, new TaskFlag(task, this.installed, unset(task, hostedFirst), alarm));
    }
  }

  private @Nullable Decision unset(Task task, boolean hostedFirst) {
    Stream<String> preferred =
        hostedFirst
            ? Stream.concat(
                KNOWN.stream().filter(name -> !name.equals("local")), Stream.of("local"))
            : KNOWN.stream();
    return preferred
        .filter(name -> installed(task, name))
        .findFirst()
        .map(name -> new Decision(task, name, Cause.DEFAULT, "no flag is set for " + task.label()))
        .orElse(null);
  }

  private boolean installed(Task task, String backend) {
    return task.drawsPictures() && installed.contains(backend);
  }

  /**
   * Checks all flags as they stand now, as a program does when it starts. From then on what they
   * say now goes on wherever they come to make no sense.
   *
   * @throws IllegalArgumentException for the first that makes no sense, saying where it was set
   */
  public void check() {
    Flag kill = flags.killSwitch();
    if (kill != null) {
      KillSwitch.parse(kill);
      var unused = killSwitch.state(kill);
    }
    for (Task task : Task.values()) {
      Flag flag = flags.flag(task, null);
      if (flag != null) {
        Rule.of(task, flag, installed);
      }
      var unused = known(task).rule(flag);
    }
  }

  /**
   * The road of one call.
   *
   * @param routingKey whose call it is; null if nobody said, and then a split deals each call by
   *     itself
   * @throws BackendException {@link Reason#INVALID} if the flag makes no sense and there was none
   *     before that did, {@link Reason#UNSUPPORTED} if it names a road that is not installed,
   *     {@link Reason#UNAVAILABLE} if the kill switch refuses all calls
   */
  public Decision decide(Task task, @Nullable String routingKey) {
    State killed = killSwitch.state(flags.killSwitch());
    if (killed.isOn()) {
      return reachable(killed.decision(task));
    }
    Rule rule = known(task).rule(flags.flag(task, routingKey));
    if (rule instanceof Split split) {
      String key = routingKey == null ? "call-" + calls.getAndIncrement() : routingKey;
      return split.choose(Places.of(task, key), routingKey != null, ceilings.get());
    }
    if (rule instanceof Rule.Plain plain) {
      return reachable(plain.decision());
    }
    if (rule instanceof Rule.Unset unset && unset.decision() != null) {
      return unset.decision();
    }
    throw new BackendException(Reason.UNSUPPORTED, "No backend is installed for " + task.label());
  }

  private TaskFlag known(Task task) {
    TaskFlag known = tasks.get(task);
    if (known == null) {
      throw new IllegalStateException("no such task: " + task);
    }
    return known;
  }

  /** The same decision, if its road is there; of tasks that nobody does here, nothing is known. */
  private Decision reachable(Decision decision) {
    if (!decision.task().drawsPictures() || installed.contains(decision.backend())) {
      return decision;
    }
    throw new BackendException(
        Reason.UNSUPPORTED,
        "%s: '%s', which is not installed. Installed for %s: %s. To install it, add %s"
            .formatted(
                decision.because(),
                decision.backend(),
                decision.task().label(),
                installed.isEmpty() ? "nothing" : String.join(", ", installed),
                ARTIFACTS.get(decision.backend())));
  }

  /** Whether the kill switch is on: then nothing is tried beside the served road. */
  public boolean killed() {
    return killSwitch.state(flags.killSwitch()).isOn();
  }

  /** The roads that guards watch, as the flags stand now. */
  public List<Lane> lanes() {
    return Stream.of(Task.values())
        .map(task -> known(task).rule(flags.flag(task, null)))
        .flatMap(rule -> rule.lanes().stream())
        .toList();
  }
}
