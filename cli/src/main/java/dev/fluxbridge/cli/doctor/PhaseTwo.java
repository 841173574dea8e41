package dev.fluxbridge.cli.doctor;

import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.Counted;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hosted served, local deprecated: the local road is there as a way back, and told of. */
final class PhaseTwo implements Phase {
  /** For how long nobody must have drawn locally before the local road is deleted. */
  private static final Duration UNUSED = Duration.ofDays(7);

  @Override
  public List<Finding> stands(Deployment deployment) {
    List<Finding> findings = new ArrayList<>(Common.findings(2, deployment));
    findings.add(
        Finding.of(
            deployment.installed().contains("local"),
            "the local road is installed, as a way back",
            Finding.warning(
                "the local road is not installed: there is no way back; go to phase 3")));
    for (Task task : Deployment.TASKS) {
      findings.add(task(task, deployment));
    }
    return findings;
  }

  private static Finding task(Task task, Deployment deployment) {
    Optional<Lane> lane = deployment.lane(task);
    if (lane.isPresent()) {
      return Finding.of(
          !lane.get().to().equals("local"),
          "%s: led by %s to %s"
              .formatted(task.label(), lane.get().ramp() ? "a ramp" : "a split", lane.get().to()),
          Finding.problem(task.label() + ": its flag leads back to local"));
    }
    Optional<Decision> plain = deployment.plain(task);
    if (plain.isEmpty()) {
      return Finding.problem(task.label() + ": its flag leads to a road that is not installed");
    }
    return Finding.of(
        !plain.get().backend().equals("local") || deployment.killed(),
        "%s: served by %s".formatted(task.label(), plain.get().backend()),
        Finding.problem(
            "%s: served by local, because %s: set fluxbridge.route.%s to a hosted road"
                .formatted(task.label(), plain.get().because(), task.label())));
  }

  @Override
  public List<Finding> mayEnd(Deployment deployment) {
    List<Finding> findings = new ArrayList<>();
    for (Flag flag : deployment.leadingToLocal()) {
      findings.add(
          Finding.problem("%s leads to local: %s".formatted(flag.origin(), flag.value().strip())));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("no setting leads to local"));
    }
    findings.add(unused(deployment.state()));
    return findings;
  }

  private static Finding unused(Optional<RolloutState> state) {
    if (state.isEmpty()) {
      return Finding.warning(
          "no rollout store answers, so nobody knows whether local is still drawn with: look for warnings of deprecated calls in the log");
    }
    Instant since = state.get().at().minus(UNUSED);
    List<Counted> local =
        state.get().history().stream()
            .filter(counted -> counted.backend().equals("local"))
            .filter(counted -> counted.statistics().calls() > 0)
            .toList();
    return local.stream()
        .filter(counted -> counted.at().isAfter(since))
        .reduce((first, second) -> second)
        .map(
            counted ->
                Finding.problem(
                    "%s was last drawn on local around %s: wait until nobody did for %d days"
                        .formatted(counted.task().label(), counted.at(), UNUSED.toDays())))
        .orElse(
            Finding.ok(
                "as far as was counted, nobody drew on local for %d days"
                    .formatted(UNUSED.toDays())));
  }
}
