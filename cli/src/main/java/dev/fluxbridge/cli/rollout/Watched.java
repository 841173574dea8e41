package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.Floor;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Steering;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The rollout that the services with these settings share, seen from beside them.
 *
 * @param settings what is set
 * @param rules by what it is steered
 * @param lanes the roads under watch
 */
record Watched(Settings settings, RolloutRules rules, List<Lane> lanes) {
  /**
   * Takes every backend for installed: services may have more than this command.
   *
   * @throws dev.fluxbridge.providers.BackendException if a flag makes no sense
   * @throws IllegalStateException if another setting makes no sense
   */
  static Watched of(Settings settings) {
    Fluxbridge.check(settings, Router.KNOWN);
    Router router =
        new Router(settings, Router.KNOWN, settings.phase() > 1, () -> Ceilings.NONE, alarm -> {});
    return new Watched(settings, RolloutRules.of(settings::find), router.lanes());
  }

  Steering steering() {
    return Steering.open(rules, lanes);
  }

  /** The file of the store that is not there yet. */
  Optional<Path> missing() {
    return rules.store().file().map(Path::toAbsolutePath).filter(Files::notExists);
  }

  /** How everything stands. */
  RolloutState state() {
    try (Steering steering = steering()) {
      return steering.state();
    }
  }

  Optional<Flag> flag(Task task) {
    return Optional.ofNullable(settings.flag(task, null));
  }

  /** The kill switch, if it is not off. */
  Optional<Flag> killSwitch() {
    return Optional.ofNullable(settings.killSwitch())
        .filter(flag -> !flag.value().strip().equals("off"));
  }

  /** The share of the calls that a road gets now, in the unit of {@link Shares}. */
  static long shareNow(RoadState road) {
    return road.lane().ramp() ? road.share() : Math.min(road.share(), road.lane().share());
  }

  /** How far an old road is from itself. */
  static Floor floor(RolloutState state, Lane lane) {
    return state.floors().stream()
        .filter(known -> known.task() == lane.task() && known.backend().equals(lane.from()))
        .map(RolloutState.FloorState::floor)
        .findFirst()
        .orElse(Floor.NONE);
  }
}
