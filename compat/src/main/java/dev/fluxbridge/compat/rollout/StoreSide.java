package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's side towards the store: reads and writes what is due, and goes on in memory
 * while the store is gone. Not safe for use by several threads.
 */
final class StoreSide implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreSide.class);

  /** The judging thread waits no longer than this for somebody else's lock. */
  private static final int PATIENCE_MILLIS = 250;

  private static final Duration PRUNE_EVERY = Duration.ofMinutes(10);
  private static final Duration FLOOR_EVERY = Duration.ofMinutes(1);
  private static final Duration ALL_EVERY = Duration.ofSeconds(10);
  private static final Duration TAIL = Duration.ofSeconds(30);
  private static final int MOST_MISMATCHES = 1000;

  private final SteadyClock clock;
  private final Announcer announcer;
  private final KnownRoads roads;
  private final Counters counters;
  private final String process;
  private final Floors floors = new Floors();
  private final Outage outage;
  private final List<TakenBack> unsaved = new ArrayList<>();
  private final List<RolloutEvent> events = new ArrayList<>();
  private final Deque<Mismatch> mismatches = new ArrayDeque<>();
  private final Due prune;
  private final Due floor;
  private final Due all;

  private @Nullable Database database;
  private boolean answered;
  private String identity = "";

  StoreSide(
      SteadyClock clock, Announcer announcer, KnownRoads roads, Counters counters, String process) {
    this.clock = clock;
    this.announcer = announcer;
    this.roads = roads;
    this.counters = counters;
    this.process = process;
    this.outage = new Outage(clock);
    this.prune = new Due(clock, PRUNE_EVERY);
    this.floor = new Due(clock, FLOOR_EVERY);
    this.all = new Due(clock, ALL_EVERY);
  }

  /**
   * A road that was taken back here and not yet for all.
   *
   * @param before as the store had it; null if it did not
   * @param told whether that was said already
   */
  private record TakenBack(@Nullable Road before, Road back, RolledBack event, boolean told) {}

  /** Keeps the state there from now on. */
  void use(RolloutRules.Store address) {
    Database current = database;
    if (current == null || !current.address().equals(address)) {
      close();
      database = new Database(address, PATIENCE_MILLIS);
      outage.forget();
    }
  }

  /** Whether it is known how the store stands: it was read once, or it is gone. */
  boolean settled() {
    return answered || outage.lost();
  }

  Floor floor(Task task, String backend) {
    return floors.of(task, backend);
  }

  void log(Mismatch mismatch) {
    mismatches.addLast(mismatch);
    if (mismatches.size() > MOST_MISMATCHES) {
      mismatches.removeFirst();
    }
  }

  /**
   * Reads what others did and writes what this process counted.
   *
   * @return whether the store answered, so that roads may be moved on what it said
   */
  boolean sync(List<Lane> lanes, RolloutRules rules) {
    Database store = database;
    if (store == null || outage.waits()) {
      return false;
    }
    try {
      readRoads(store);
      for (Lane lane : lanes) {
        begin(new RoadTable(store), lane, rules);
      }
      write(store);
      readCounts(store, rules.longestWindow());
      if (prune.now()) {
        prune(store, rules.longestWindow());
      }
      outage.over().ifPresent(this::back);
      answered = true;
      return true;
    } catch (SQLException | RuntimeException e) {
      fails(e);
      return false;
    }
  }

  private void readRoads(Database store) throws SQLException {
    RoadTable table = new RoadTable(store);
    List<Road> stored = table.all();
    boolean another = !identity.isEmpty() && !identity.equals(store.identity());
    if (another) {
      log.info("The rollout's store was made anew; what this process knows is written into it");
      counters.writeAllAgain();
      for (Road ours : roads.all()) {
        restore(table, find(stored, ours), ours);
      }
    }
    identity = store.identity();
    boolean changed = another;
    while (!unsaved.isEmpty()) {
      TakenBack first = unsaved.get(0);
      save(table, find(stored, first.back()), first);
      unsaved.remove(0);
      changed = true;
    }
    (changed ? table.all() : stored).forEach(roads::put);
  }

  private static @Nullable Road find(List<Road> stored, Road road) {
    return stored.stream()
        .filter(row -> row.task() == road.task() && row.backend().equals(road.backend()))
        .findFirst()
        .orElse(null);
  }

  /** Into a new store: where somebody else was first, the smaller share holds. */
  private static void restore(RoadTable table, @Nullable Road there, Road ours)
      throws SQLException {
    if (there == null) {
      table.move(null, ours, null);
    } else if (there.share() > ours.share()) {
      table.move(there, ours.over(there), null);
    }
  }

  private void save(RoadTable table, @Nullable Road there, TakenBack taken) throws SQLException {
    Road before = taken.before();
    boolean untouched = there != null && before != null && there.version() == before.version();
    boolean othersDid = there != null && there.held() && there.share() <= taken.back().share();
    if (!untouched && othersDid) {
      return;
    }
    Road back = there == null || untouched ? taken.back() : taken.back().over(there);
    if (table.move(there, back, taken.event()) && !taken.told()) {
      announcer.tell(taken.event());
    }
  }

  /** Gives a ramp its first step, and a road that became one or a split its new shape. */
  private void begin(RoadTable table, Lane lane, RolloutRules rules) throws SQLException {
    Instant now = clock.now();
    long first = rules.ramp(lane.task()).steps().get(0);
    Road road = roads.of(lane.task(), lane.to()).orElse(null);
    Road begun;
    if (road == null) {
      if (!lane.ramp()) {
        return;
      }
      begun = Road.begin(lane.task(), lane.to(), true, first, now);
    } else if (road.ramp() == lane.ramp()) {
      return;
    } else if (lane.ramp()) {
      begun = road.as(true, road.held() ? road.share() : first, now);
    } else {
      begun = road.as(false, road.held() ? 0 : Shares.WHOLE, now);
    }
    boolean starts = lane.ramp() && !begun.held();
    RolloutEvent event =
        starts ? new RolloutEvent.Began(now, lane.task(), lane.to(), begun.share()) : null;
    if (table.move(road, begun, event)) {
      roads.put(begun);
      if (event != null) {
        announcer.tell(event);
      }
    }
  }

  private void write(Database store) throws SQLException {
    if (!counters.unwritten().isEmpty()) {
      new CountTable(store).write(process, counters.unwritten());
      counters.written();
    }
    if (!events.isEmpty() || !mismatches.isEmpty()) {
      new LogTable(store).write(events, List.copyOf(mismatches));
      events.clear();
      mismatches.clear();
    }
  }

  private void readCounts(Database store, Duration window) throws SQLException {
    CountTable table = new CountTable(store);
    Duration far = all.now() ? window.plus(Span.FINE.length) : TAIL;
    counters.read(table.since(Span.FINE, clock.now().minus(far).toEpochMilli(), process));
    if (floor.now()) {
      floors.read(table.repeated(clock.now().minus(Span.COARSE.kept)));
    }
  }

  private void prune(Database store, Duration window) throws SQLException {
    Instant now = clock.now();
    store.transact(
        connection -> {
          CountTable.prune(connection, now, window);
          LogTable.prune(connection, now);
          SpendingTable.prune(connection, now);
          return true;
        });
  }

  /**
   * Takes a road back for all, if nobody else did.
   *
   * @param before as the store had it; null if it did not
   */
  void takeBack(@Nullable Road before, Road back, RolledBack event) {
    Database store = database;
    if (store == null || outage.lost()) {
      announcer.tell(event);
      unsaved.add(new TakenBack(before, back, event, true));
      return;
    }
    try {
      RoadTable table = new RoadTable(store);
      if (table.move(before, back, event)) {
        announcer.tell(event);
      } else {
        log.info("Another process moved {} for {} first", back.backend(), back.task().label());
        table.all().forEach(roads::put);
      }
    } catch (SQLException | RuntimeException e) {
      unsaved.add(new TakenBack(before, back, event, false));
      fails(e);
    }
  }

  /** Moves a road on what the store said, if nobody else did. */
  void move(Road from, Road to, RolloutEvent event) {
    Database store = database;
    if (store == null) {
      return;
    }
    try {
      if (new RoadTable(store).move(from, to, event)) {
        roads.put(to);
        announcer.tell(event);
      }
    } catch (SQLException | RuntimeException e) {
      fails(e);
    }
  }

  private void fails(Exception failure) {
    Database store = database;
    boolean busy = store != null && failure instanceof SQLException reason && store.busy(reason);
    if (!outage.begins(busy)) {
      return;
    }
    RolloutEvent event = new RolloutEvent.StoreLost(clock.now(), reason(store, failure));
    events.add(event);
    announcer.tell(event);
    for (int i = 0; i < unsaved.size(); i++) {
      TakenBack taken = unsaved.get(i);
      if (!taken.told()) {
        announcer.tell(taken.event());
        unsaved.set(i, new TakenBack(taken.before(), taken.back(), taken.event(), true));
      }
    }
  }

  private static String reason(@Nullable Database store, Exception failure) {
    return "%s (%s): %s"
        .formatted(
            store == null ? "none" : store.address(),
            store == null ? "" : store.address().origin(),
            failure.getMessage());
  }

  private void back(Duration gone) {
    RolloutEvent event = new RolloutEvent.StoreBack(clock.now(), gone);
    events.add(event);
    all.again();
    announcer.tell(event);
  }

  @Override
  public void close() {
    Database current = database;
    if (current != null) {
      current.close();
    }
  }
}
