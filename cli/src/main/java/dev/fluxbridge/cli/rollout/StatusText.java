package dev.fluxbridge.cli.rollout;

import static dev.fluxbridge.cli.rollout.Words.UNKNOWN;

import dev.fluxbridge.compat.rollout.Hold;
import dev.fluxbridge.compat.rollout.Metric;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a rollout stands, for people in front of a terminal. */
record StatusText(Watched watched, RolloutState state) {
  private static final int EVENTS = 10;

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "Store %s (%s), read %s%n"
            .formatted(
                watched.rules().store(),
                watched.rules().store().origin(),
                Words.moment(state.at())));
    watched
        .missing()
        .ifPresent(
            file ->
                text.append(
                    "No state yet: there is no %s. A service with a ramp, a guard or a budget makes it when it starts.%n"
                        .formatted(file)));
    watched
        .killSwitch()
        .ifPresent(
            kill ->
                text.append(
                    "KILL SWITCH: %s (%s); no flag and no ramp counts%n"
                        .formatted(Words.plain(kill.value()), kill.origin())));
    if (state.roads().isEmpty()) {
      text.append(
          "No road is under watch: no flag is a ramp (local->fal) or a split (local=75,fal=25).\n");
    }
    state.roads().forEach(road -> road(road, text));
    budgets(text);
    floors(text);
    events(text);
    return text.toString();
  }

  private void road(RoadState road, StringBuilder text) {
    Lane lane = road.lane();
    text.append(
        "%n%s: %s%s%n"
            .formatted(
                lane.task().label(),
                watched
                    .flag(lane.task())
                    .map(Flag::value)
                    .map(Words::plain)
                    .orElse(lane.from() + "->" + lane.to()),
                watched.flag(lane.task()).map(flag -> "  (" + flag.origin() + ")").orElse("")));
    text.append(
        "  %s has %s%s%n"
            .formatted(lane.to(), Shares.percent(Watched.shareNow(road)), step(road, lane)));
    text.append(
        "  %s%s: %s%n".formatted(since(road), Words.plain(road.who()), Words.plain(road.why())));
    if (road.hold() != Hold.NONE) {
      text.append(
          "  HELD by %s, %s%n"
              .formatted(
                  road.hold() == Hold.BREACH ? "a broken rule" : "a person",
                  road.rises()
                      .map(end -> "until " + Words.moment(end) + " at least")
                      .orElse(
                          "until somebody says: fluxbridge rollout release %s %s --why ..."
                              .formatted(lane.task().label(), lane.to()))));
    }
    if (lane.ramp() && road.hold() == Hold.NONE) {
      road.waitsFor().ifPresent(lack -> text.append("  does not climb: %s%n".formatted(lack)));
    }
    text.append(readings(road, lane));
  }

  private String step(RoadState road, Lane lane) {
    if (!lane.ramp()) {
      return " of the calls, a split";
    }
    List<Long> steps = watched.rules().ramp(lane.task()).steps();
    int at = steps.indexOf(road.share()) + 1;
    String all =
        steps.stream()
            .map(step -> Shares.percent(step).replace(" %", ""))
            .collect(Collectors.joining(", "));
    return " of the calls, %s of the ramp %s %%"
        .formatted(
            at > 0
                ? "step " + at + " of " + steps.size()
                : road.share() == 0 ? "before the first step" : "between steps",
            all);
  }

  private String since(RoadState road) {
    return road.since()
        .map(at -> "since %s (%s), ".formatted(Words.moment(at), Words.ago(at, state.at())))
        .orElse("");
  }

  private String readings(RoadState road, Lane lane) {
    Statistics now = road.now();
    Statistics old = road.old();
    Grid grid =
        new Grid()
            .row("in the last " + Words.length(road.window()), lane.to(), lane.from(), "limit", "")
            .row("calls", calls(now), calls(old))
            .row("failed", failed(now), failed(old));
    for (Reading reading : Reading.of(road, watched.rules(), Watched.floor(state, lane))) {
      if (reading.metric() == Metric.LATENCY_P95) {
        grid.row("latency-p50", median(now.p50()), median(old.p50()));
      }
      grid.row(
          reading.metric().label(),
          Words.value(reading.metric(), reading.now()),
          (reading.metric() == Metric.DISTANCE && reading.old().isPresent() ? "noise " : "")
              + Words.value(reading.metric(), reading.old()),
          limit(reading),
          reading.over() ? "OVER" : "");
    }
    return grid.row("cost", cost(now), cost(old))
        .row("compared", Long.toString(now.compared()), "")
        .text("  ");
  }

  private static String calls(Statistics statistics) {
    return statistics.shadows() == 0
        ? Long.toString(statistics.calls())
        : "%d (%d shadows)".formatted(statistics.calls(), statistics.shadows());
  }

  private static String failed(Statistics statistics) {
    return statistics.failures() == 0
        ? "0"
        : "%d (%d seen by callers)".formatted(statistics.failures(), statistics.affected());
  }

  private static String median(Optional<Duration> took) {
    return took.map(time -> Words.seconds(Reading.milliseconds(time))).orElse(UNKNOWN);
  }

  private static String cost(Statistics statistics) {
    return statistics.priced() == 0
        ? UNKNOWN
        : "%s for %d".formatted(statistics.cost().toPlainString(), statistics.priced());
  }

  private static String limit(Reading reading) {
    String multiple =
        reading.multiple().isPresent() ? Words.number(reading.multiple().getAsDouble()) + "x" : "";
    if (reading.limit().isEmpty()) {
      return multiple.isEmpty() ? UNKNOWN : multiple + " of what is not known yet";
    }
    String value = Words.value(reading.metric(), reading.limit());
    return multiple.isEmpty() ? value : "%s (%s)".formatted(value, multiple);
  }

  private void budgets(StringBuilder text) {
    if (state.budgets().isEmpty()) {
      return;
    }
    Grid grid = new Grid().row("budget", "this hour", "of", "this day", "of");
    state
        .budgets()
        .forEach(
            budget ->
                grid.row(
                    budget.name(),
                    budget.hour().toPlainString(),
                    budget.hourly().map(BigDecimal::toPlainString).orElse(UNKNOWN),
                    budget.day().toPlainString(),
                    budget.daily().map(BigDecimal::toPlainString).orElse(UNKNOWN)));
    text.append("\nBudgets\n").append(grid.text("  "));
  }

  private void floors(StringBuilder text) {
    if (state.floors().isEmpty()) {
      return;
    }
    Grid grid = new Grid().row("task", "old road", "half below", "95 % below", "repeated runs");
    state
        .floors()
        .forEach(
            floor ->
                grid.row(
                    floor.task().label(),
                    floor.backend(),
                    Words.number(floor.floor().p50()),
                    Words.number(floor.floor().p95()),
                    Long.toString(floor.floor().count())));
    text.append("\nNoise floors: how far the old road is from itself\n").append(grid.text("  "));
  }

  private void events(StringBuilder text) {
    if (state.events().isEmpty()) {
      return;
    }
    text.append("\nLast events\n");
    state.events().stream()
        .limit(EVENTS)
        .forEach(
            event ->
                text.append(
                    "  %s  %s%n".formatted(Words.moment(event.at()), Words.plain(event.text()))));
  }
}
