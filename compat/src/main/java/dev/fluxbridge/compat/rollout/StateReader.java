package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Puts together how a rollout stands, from the store alone. */
record StateReader(Database database, RolloutRules rules, List<Lane> lanes, SteadyClock clock) {
  private static final int EVENTS = 200;
  private static final int MISMATCHES = 500;
  private static final String NOBODY = "";

  RolloutState read() throws SQLException {
    Instant now = clock.now();
    CountTable table = new CountTable(database);
    Counters counters = new Counters();
    counters.read(
        table.since(
            Span.FINE,
            now.minus(rules.longestWindow()).minus(Span.FINE.length).toEpochMilli(),
            NOBODY));
    List<CountTable.Counted> repeated = table.repeated(now.minus(Span.COARSE.kept));
    Floors floors = new Floors();
    floors.read(repeated);
    List<Road> stored = new RoadTable(database).all();
    LogTable log = new LogTable(database);
    return new RolloutState(
        now,
        lanes.stream().map(lane -> road(lane, stored, counters, floors, now)).toList(),
        budgets(now),
        repeated.stream()
            .map(
                row ->
                    new RolloutState.FloorState(
                        row.bucket().task(),
                        row.bucket().backend(),
                        floors.of(row.bucket().task(), row.bucket().backend())))
            .distinct()
            .toList(),
        log.events(EVENTS),
        log.mismatches(MISMATCHES),
        history(table, now));
  }

  /** What a store would say that nobody has written to. */
  RolloutState nothing() {
    Instant now = clock.now();
    Floors floors = new Floors();
    return new RolloutState(
        now,
        lanes.stream().map(lane -> road(lane, List.of(), new Counters(), floors, now)).toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private RolloutState.RoadState road(
      Lane lane, List<Road> stored, Counters counters, Floors floors, Instant now) {
    RolloutRules.Guard guard = rules.guard(lane.task());
    Optional<Road> known =
        stored.stream()
            .filter(road -> road.task() == lane.task() && road.backend().equals(lane.to()))
            .findFirst();
    Road road =
        known.orElseGet(
            () ->
                Road.begin(
                    lane.task(), lane.to(), lane.ramp(), lane.ramp() ? 0 : Shares.WHOLE, now));
    Instant from = now.minus(guard.window());
    Tally ofNew = counters.since(from, lane.task(), lane.to(), road.epoch());
    Tally ofOld = counters.since(from, lane.task(), lane.from(), -1);
    Judge judge = new Judge(guard, ofNew, ofOld, floors.of(lane.task(), lane.from()));
    return new RolloutState.RoadState(
        lane,
        road.share(),
        road.hold(),
        road.who(),
        road.why(),
        known.map(Road::since),
        road.rises(),
        guard.window(),
        Statistics.of(ofNew),
        Statistics.of(ofOld),
        judge.notYet());
  }

  private List<RolloutState.BudgetState> budgets(Instant now) throws SQLException {
    List<RolloutState.BudgetState> budgets = new ArrayList<>();
    for (Map.Entry<String, RolloutRules.Allowance> budget :
        new TreeMap<>(rules.budgets()).entrySet()) {
      SpendingTable.Spent spent =
          database.read(connection -> SpendingTable.spent(connection, budget.getKey(), now));
      budgets.add(
          new RolloutState.BudgetState(
              budget.getKey(),
              budget.getValue().hour(),
              budget.getValue().day(),
              Money.of(spent.hour()),
              Money.of(spent.day())));
    }
    return budgets;
  }

  private static List<RolloutState.Counted> history(CountTable table, Instant now)
      throws SQLException {
    Instant border =
        Instant.ofEpochMilli(Span.COARSE.slot(now.minus(Span.MIDDLE.kept)))
            .plus(Span.COARSE.length);
    Stream<CountTable.Counted> coarse =
        table.since(Span.COARSE, now.minus(Span.COARSE.kept).toEpochMilli(), NOBODY).stream()
            .filter(row -> row.bucket().slot() < border.toEpochMilli());
    Stream<CountTable.Counted> middle =
        table.since(Span.MIDDLE, border.toEpochMilli(), NOBODY).stream();
    Map<Bucket, Tally> sums =
        new TreeMap<>(
            Comparator.comparingLong(Bucket::slot)
                .thenComparing(Bucket::task)
                .thenComparing(Bucket::backend));
    Stream.concat(coarse, middle)
        .forEach(row -> sums.computeIfAbsent(row.bucket(), key -> new Tally()).add(row.tally()));
    return sums.entrySet().stream()
        .map(
            sum ->
                new RolloutState.Counted(
                    Instant.ofEpochMilli(sum.getKey().slot()),
                    sum.getKey().span().length,
                    sum.getKey().task(),
                    sum.getKey().backend(),
                    Statistics.of(sum.getValue())))
        .toList();
  }
}
