package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.Steering;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the doctor looks at: settings that make sense, what is installed, and how the rollout
 * stands.
 *
 * @param settings what is set
 * @param installed the backends that are on the class path
 * @param rules by what the rollout is steered
 * @param lanes the roads under watch
 * @param state how they stand; empty where no store answers
 * @param classPath jars and folders to look into
 */
record Deployment(
    Settings settings,
    List<String> installed,
    RolloutRules rules,
    List<Lane> lanes,
    Optional<RolloutState> state,
    ClassPath classPath) {
  private static final Map<String, String> FOLDERS =
      Map.of(
          "local", "dev/fluxbridge/legacy/",
          "fal", "dev/fluxbridge/providers/fal/",
          "openai", "dev/fluxbridge/providers/openai/");

  /** The tasks that something here does. */
  static final List<Task> TASKS = Stream.of(Task.values()).filter(Task::drawsPictures).toList();

  /**
   * Looks at what is set.
   *
   * @throws BackendException if a flag makes no sense
   * @throws IllegalStateException if another setting makes no sense
   * @throws IOException if the class path cannot be read
   */
  static Deployment of(Settings settings, ClassPath classPath) throws IOException {
    List<String> installed = new ArrayList<>();
    for (String backend : Router.KNOWN) {
      if (!classPath.holding(Objects.requireNonNull(FOLDERS.get(backend))).isEmpty()) {
        installed.add(backend);
      }
    }
    Fluxbridge.check(settings, installed);
    RolloutRules rules = RolloutRules.of(settings::find);
    List<Lane> lanes = router(settings, installed).lanes();
    return new Deployment(settings, installed, rules, lanes, state(rules, lanes), classPath);
  }

  private static Router router(Settings settings, List<String> installed) {
    return new Router(
        settings, installed, settings.phase() > 1, () -> Ceilings.NONE, warning -> {});
  }

  private static Optional<RolloutState> state(RolloutRules rules, List<Lane> lanes) {
    try (Steering steering = Steering.open(rules, lanes)) {
      return Optional.of(steering.state());
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Where a task's calls go by flag alone, if not by split or ramp, and not by the kill switch. */
  Optional<Decision> plain(Task task) {
    if (lane(task).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(router(settings, installed).decide(task, "doctor"));
    } catch (BackendException e) {
      return Optional.empty();
    }
  }

  Optional<Lane> lane(Task task) {
    return lanes.stream().filter(lane -> lane.task() == task).findFirst();
  }

  boolean killed() {
    return settings
        .find(Settings.KILL_SWITCH)
        .filter(flag -> !flag.value().strip().equals("off"))
        .isPresent();
  }

  List<String> hosted() {
    return installed.stream().filter(name -> !name.equals("local")).toList();
  }

  /** The settings that send calls to the local road. */
  List<Flag> leadingToLocal() {
    return Settings.keys().keySet().stream()
        .filter(
            key ->
                key.matches("fluxbridge\\.(route|fallback|shadow)\\..*")
                    || key.equals(Settings.KILL_SWITCH))
        .flatMap(key -> settings.find(key).stream())
        .filter(flag -> flag.value().matches("(?s)(.*[^a-z-])?local([^a-z-].*|->.*)?"))
        .toList();
  }
}
