package dev.fluxbridge.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.Hold;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.Counted;
import dev.fluxbridge.compat.rollout.RolloutState.Happened;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the store remembers decides whether a phase may end. */
class PhaseEndTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Lane RAMP = new Lane(Task.INPAINT, "local", "fal", true, Shares.WHOLE);

  @Test
  void aRampThatIsAtItsTopForADayWithoutARollbackLetsTheFirstPhaseEnd() throws IOException {
    assertThat(ramp(Duration.ofHours(25), Optional.empty())).isEqualTo(Finding.State.OK);
    assertThat(ramp(Duration.ofHours(25), Optional.of(Duration.ofHours(26))))
        .isEqualTo(Finding.State.OK);
  }

  @Test
  void aRampThatWasTakenBackWithinTheDayDoesNot() throws IOException {
    assertThat(ramp(Duration.ofHours(25), Optional.of(Duration.ofHours(23))))
        .isEqualTo(Finding.State.PROBLEM);
    assertThat(ramp(Duration.ofHours(23), Optional.empty())).isEqualTo(Finding.State.PROBLEM);
  }

  @Test
  void callsThatLocalDrewWithinTheWeekKeepTheSecondPhase() throws IOException {
    assertThat(drawnOnLocal(Duration.ofDays(6), 1)).isEqualTo(Finding.State.PROBLEM);
    assertThat(drawnOnLocal(Duration.ofDays(8), 1)).isEqualTo(Finding.State.OK);
    assertThat(drawnOnLocal(Duration.ofDays(6), 0)).isEqualTo(Finding.State.OK);
  }

  private static Finding.State ramp(Duration atItsTop, Optional<Duration> takenBack)
      throws IOException {
    RoadState road =
        new RoadState(
            RAMP,
            Shares.WHOLE,
            Hold.NONE,
            "the rules",
            "it went well",
            Optional.of(NOW.minus(atItsTop)),
            Optional.empty(),
            Duration.ofMinutes(10),
            counted(0),
            counted(0),
            Optional.empty());
    List<Happened> events = new ArrayList<>();
    takenBack.ifPresent(
        ago ->
            events.add(
                new Happened(
                    NOW.minus(ago),
                    "RolledBack",
                    Optional.of(Task.INPAINT),
                    "fal",
                    OptionalLong.of(0),
                    "fal is taken back")));
    return finding(new PhaseOne(), List.of(road), events, List.of(), "inpaint: fal");
  }

  private static Finding.State drawnOnLocal(Duration ago, long calls) throws IOException {
    Counted slot =
        new Counted(NOW.minus(ago), Duration.ofHours(1), Task.INPAINT, "local", counted(calls));
    return finding(new PhaseTwo(), List.of(), List.of(), List.of(slot), " on local ");
  }

  private static Finding.State finding(
      Phase phase, List<RoadState> roads, List<Happened> events, List<Counted> history, String of)
      throws IOException {
    Settings settings = Settings.of(Map.of(), Map.of(), Map.of());
    Deployment deployment =
        new Deployment(
            settings,
            List.of("local", "fal"),
            RolloutRules.of(settings::find),
            List.of(RAMP),
            Optional.of(
                new RolloutState(NOW, roads, List.of(), List.of(), events, List.of(), history)),
            ClassPath.of(""));
    return phase.mayEnd(deployment).stream()
        .filter(finding -> finding.text().contains(of))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static Statistics counted(long calls) {
    return new Statistics(
        calls,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        BigDecimal.ZERO,
        0,
        OptionalDouble.empty(),
        0,
        OptionalDouble.empty());
  }
}
