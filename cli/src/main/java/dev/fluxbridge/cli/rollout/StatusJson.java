package dev.fluxbridge.cli.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Shares;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How a rollout stands, for machines and for the page. Shares are in percent, rates from 0 to 1,
 * times in milliseconds; what is not known is null.
 */
record StatusJson(Watched watched, RolloutState state) {
  private static final ObjectMapper JSON = new ObjectMapper();

  ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("at", state.at().toString());
    root.putObject("store")
        .put("url", watched.rules().store().toString())
        .put("origin", watched.rules().store().origin())
        .put("missing", watched.missing().map(Path::toString).orElse(null));
    root.set("killSwitch", flag(watched.killSwitch()));
    state.roads().forEach(road -> root.withArray("/roads").add(road(road)));
    state.budgets().forEach(budget -> root.withArray("/budgets").add(budget(budget)));
    state
        .floors()
        .forEach(
            floor ->
                root.withArray("/floors")
                    .addObject()
                    .put("task", floor.task().label())
                    .put("backend", floor.backend())
                    .put("count", floor.floor().count())
                    .put("p50", floor.floor().p50())
                    .put("p95", floor.floor().p95()));
    state.events().forEach(event -> root.withArray("/events").add(event(event)));
    state
        .mismatches()
        .forEach(
            mismatch -> {
              ObjectNode node =
                  root.withArray("/mismatches")
                      .addObject()
                      .put("id", mismatch.id())
                      .put("at", mismatch.at().toString())
                      .put("task", mismatch.task().label())
                      .put("served", mismatch.served())
                      .put("shadow", mismatch.shadow())
                      .put("text", mismatch.text())
                      .put("place", mismatch.place());
              put(node, "distance", mismatch.distance());
            });
    state
        .history()
        .forEach(
            counted ->
                root.withArray("/history")
                    .add(
                        statistics(counted.statistics())
                            .put("at", counted.at().toString())
                            .put("seconds", counted.length().toMillis() / 1000.0)
                            .put("task", counted.task().label())
                            .put("backend", counted.backend())));
    for (String list :
        new String[] {"roads", "budgets", "floors", "events", "mismatches", "history"}) {
      if (!root.has(list)) {
        root.putArray(list);
      }
    }
    return root;
  }

  private ObjectNode road(RoadState road) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("task", road.lane().task().label())
            .put("from", road.lane().from())
            .put("to", road.lane().to())
            .put("ramp", road.lane().ramp());
    node.set("flag", flag(watched.flag(road.lane().task())));
    node.put("share", percent(Watched.shareNow(road)));
    ArrayNode steps = node.putArray("steps");
    if (road.lane().ramp()) {
      watched.rules().ramp(road.lane().task()).steps().forEach(step -> steps.add(percent(step)));
    }
    node.put("hold", road.hold().name())
        .put("who", road.who())
        .put("why", road.why())
        .put("since", road.since().map(Instant::toString).orElse(null))
        .put("rises", road.rises().map(Instant::toString).orElse(null))
        .put("windowSeconds", road.window().toSeconds())
        .put("waitsFor", road.waitsFor().orElse(null));
    node.set("now", statistics(road.now()));
    node.set("old", statistics(road.old()));
    ArrayNode readings = node.putArray("readings");
    for (Reading reading : Reading.of(road, watched.rules(), Watched.floor(state, road.lane()))) {
      ObjectNode one = readings.addObject().put("metric", reading.metric().label());
      put(one, "now", reading.now());
      put(one, "old", reading.old());
      put(one, "limit", reading.limit());
      put(one, "multiple", reading.multiple());
      one.put("over", reading.over());
    }
    return node;
  }

  private static ObjectNode budget(RolloutState.BudgetState budget) {
    return JSON.createObjectNode()
        .put("name", budget.name())
        .put("hour", budget.hour())
        .put("hourly", budget.hourly().orElse(null))
        .put("day", budget.day())
        .put("daily", budget.daily().orElse(null));
  }

  private static ObjectNode event(RolloutState.Happened event) {
    return JSON.createObjectNode()
        .put("at", event.at().toString())
        .put("kind", event.kind())
        .put("task", event.task().map(task -> task.label()).orElse(null))
        .put("backend", event.backend())
        .put("share", event.share().isPresent() ? percent(event.share().getAsLong()) : null)
        .put("text", event.text());
  }

  private static ObjectNode statistics(Statistics statistics) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("calls", statistics.calls())
            .put("shadows", statistics.shadows())
            .put("failures", statistics.failures())
            .put("affected", statistics.affected())
            .put("excused", statistics.excused());
    put(node, "errorRate", statistics.errorRate());
    node.put("p50", milliseconds(statistics.p50()))
        .put("p95", milliseconds(statistics.p95()))
        .put("cost", statistics.priced() == 0 ? null : statistics.cost())
        .put("priced", statistics.priced());
    put(node, "distance", statistics.distance());
    node.put("compared", statistics.compared());
    put(node, "maskChanged", statistics.maskChanged());
    return node;
  }

  private static @Nullable Double milliseconds(Optional<Duration> took) {
    return took.map(Reading::milliseconds).orElse(null);
  }

  private static BigDecimal percent(long share) {
    return BigDecimal.valueOf(share)
        .multiply(BigDecimal.valueOf(100))
        .divide(BigDecimal.valueOf(Shares.WHOLE));
  }

  private static @Nullable ObjectNode flag(Optional<Flag> flag) {
    return flag.map(
            set -> JSON.createObjectNode().put("value", set.value()).put("origin", set.origin()))
        .orElse(null);
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }
}
