package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.Hold;
import dev.fluxbridge.compat.rollout.RolloutState.Happened;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Both roads, the old one served: calls move only as far as a split or a ramp lets them. */
final class PhaseOne implements Phase {
  /** For how long a hosted road must have had all calls without being taken back. */
  private static final Duration CALM = Duration.ofHours(24);

  @Override
  public List<Finding> stands(Deployment deployment) {
    List<Finding> findings = new ArrayList<>(Common.findings(1, deployment));
    findings.add(
        Finding.of(
            deployment.installed().contains("local"),
            "the local road is installed",
            Finding.problem(
                "the local road is not installed: add dev.fluxbridge:fluxbridge-legacy-local, or go to phase 3")));
    findings.add(checkpoint(deployment.settings()));
    for (Task task : Deployment.TASKS) {
      findings.add(task(task, deployment));
    }
    if (!deployment.lanes().isEmpty()) {
      findings.add(
          Finding.of(
              deployment.state().isPresent(),
              "the rollout's store answers: " + deployment.rules().store(),
              Finding.problem(
                  "the rollout's store does not answer: " + deployment.rules().store())));
    }
    return findings;
  }

  private static Finding checkpoint(Settings settings) {
    Optional<String> set = settings.get(Settings.LOCAL_CHECKPOINT);
    if (set.isEmpty()) {
      return Finding.ok("the model ids that callers give must be checkpoint folders");
    }
    if (set.get().equals("embedded")) {
      return Finding.warning(
          "the local road draws with the tiny checkpoint of the tests: "
              + Settings.LOCAL_CHECKPOINT);
    }
    return Finding.of(
        Files.isDirectory(Path.of(set.get())),
        "the checkpoint folder is there",
        Finding.problem(Settings.LOCAL_CHECKPOINT + " is no folder: " + set.get()));
  }

  private static Finding task(Task task, Deployment deployment) {
    Optional<Lane> lane = deployment.lane(task);
    if (lane.isPresent()) {
      Lane road = lane.get();
      String what =
          "%s: %s from %s to %s"
              .formatted(task.label(), road.ramp() ? "a ramp" : "a split", road.from(), road.to());
      return Finding.of(
          deployment.rules().guards().containsKey(task),
          what + ", under guard",
          Finding.warning(
              what
                  + ", and nothing takes it back when it fails: set fluxbridge.guard.%s.error-rate"
                      .formatted(task.label())));
    }
    Optional<Decision> plain = deployment.plain(task);
    if (plain.isEmpty()) {
      return Finding.problem(task.label() + ": its flag leads to a road that is not installed");
    }
    return Finding.of(
        plain.get().backend().equals("local") || deployment.killed(),
        "%s: served by %s".formatted(task.label(), plain.get().backend()),
        Finding.warning(
            "%s: all of it goes to %s, with no way back but the flag: that is phase 2"
                .formatted(task.label(), plain.get().backend())));
  }

  @Override
  public List<Finding> mayEnd(Deployment deployment) {
    List<Finding> findings = new ArrayList<>();
    for (Task task : Deployment.TASKS) {
      deployment
          .lane(task)
          .map(lane -> road(lane, deployment))
          .or(
              () ->
                  deployment
                      .plain(task)
                      .map(
                          plain ->
                              Finding.of(
                                  !plain.backend().equals("local"),
                                  task.label() + ": all calls go to " + plain.backend(),
                                  Finding.problem(
                                      "%s: all calls go to local. If it is in use, ramp it: fluxbridge.route.%s=local->fal"
                                          .formatted(task.label(), task.label())))))
          .ifPresent(findings::add);
    }
    return findings;
  }

  private static Finding road(Lane lane, Deployment deployment) {
    String name = lane.task().label() + ": " + lane.to();
    Optional<RoadState> road =
        deployment.state().stream()
            .flatMap(state -> state.roads().stream())
            .filter(one -> one.lane().equals(lane))
            .findFirst();
    if (road.isEmpty()) {
      return Finding.problem(name + " was not seen yet by the rollout's store");
    }
    long share = lane.ramp() ? road.get().share() : lane.share();
    if (share < Shares.WHOLE || road.get().hold() != Hold.NONE) {
      return Finding.problem(
          "%s has %s%s"
              .formatted(
                  name,
                  Shares.percent(share),
                  road.get().hold() == Hold.NONE ? "" : " and is held: " + road.get().why()));
    }
    Instant now = deployment.state().orElseThrow().at();
    Instant since = road.get().since().orElse(now);
    boolean takenBack =
        deployment.state().orElseThrow().events().stream()
            .filter(event -> event.task().equals(Optional.of(lane.task())))
            .filter(event -> event.kind().equals("RolledBack"))
            .map(Happened::at)
            .anyMatch(at -> at.isAfter(now.minus(CALM)));
    return Finding.of(
        !takenBack && !since.isAfter(now.minus(CALM)),
        name + " has had all calls since " + since,
        Finding.problem(
            "%s has all calls, but only since %s: wait until it was calm for %d hours"
                .formatted(name, since, CALM.toHours())));
  }
}
