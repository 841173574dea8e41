package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a person may do to a rollout, in a running service or beside it: services that share the
 * store follow within about a second. Blocks while it reads and writes the store. Safe for use by
 * several threads.
 *
 * <p>Each step throws {@link IllegalStateException} where it cannot be made: the road is not under
 * watch, is there already, is held, or the store does not answer; the message says what to do.
 */
public final class Steering implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 2000;
  private static final int TRIES = 5;

  private final Supplier<RolloutRules> rules;
  private final Supplier<List<Lane>> lanes;
  private final SteadyClock clock;
  private final Consumer<RolloutEvent> listener;
  private @Nullable Database database;

  Steering(
      Supplier<RolloutRules> rules,
      Supplier<List<Lane>> lanes,
      SteadyClock clock,
      Consumer<RolloutEvent> listener) {
    this.rules = rules;
    this.lanes = lanes;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Beside the services, as the command line does it.
   *
   * @param rules those of the services: they name the store
   * @param lanes the roads under watch, from the services' flags
   */
  public static Steering open(RolloutRules rules, List<Lane> lanes) {
    return new Steering(() -> rules, () -> lanes, SteadyClock.system(), event -> {});
  }

  /** The next step from a road as it is. */
  private interface Step {
    Move from(Lane lane, Road road, RolloutRules.Ramp ramp, Instant now);
  }

  private record Move(Road to, RolloutEvent event) {}

  /**
   * Takes a ramp up a step.
   *
   * @param who who says so
   * @param why why, in words for people
   */
  public RolloutEvent up(Task task, String backend, String who, String why) {
    return move(
        task,
        backend,
        (lane, road, ramp, now) -> {
          onRamp(road);
          if (road.held()) {
            throw new IllegalStateException(
                "%s is held at %s since %s, by %s: %s. Release it first"
                    .formatted(
                        backend,
                        Shares.percent(road.share()),
                        road.since(),
                        road.who(),
                        road.why()));
          }
          long to = ramp.above(road.share());
          if (to == road.share()) {
            throw new IllegalStateException(
                "%s is at %s already, the last step of its ramp"
                    .formatted(backend, Shares.percent(to)));
          }
          return new Move(
              road.moved(to, Hold.NONE, who, why, now),
              new RolloutEvent.Climbed(now, task, backend, road.share(), to, who, why));
        });
  }

  /** Takes a ramp down a step. It may climb again on its schedule; {@link #hold} keeps it there. */
  public RolloutEvent down(Task task, String backend, String who, String why) {
    return move(
        task,
        backend,
        (lane, road, ramp, now) -> {
          onRamp(road);
          if (road.share() == 0) {
            throw new IllegalStateException(backend + " is at 0 % already");
          }
          long to = ramp.below(road.share());
          return new Move(
              road.moved(to, road.hold(), who, why, now),
              new RolloutEvent.Lowered(now, task, backend, road.share(), to, who, why));
        });
  }

  /** Gives a road nothing, and holds it there until it is released. */
  public RolloutEvent zero(Task task, String backend, String who, String why) {
    return move(
        task,
        backend,
        (lane, road, ramp, now) ->
            new Move(
                road.moved(0, Hold.PERSON, who, why, now),
                new RolloutEvent.Lowered(
                    now, task, backend, Controller.shown(lane, road.share()), 0, who, why)));
  }

  /** Holds a ramp where it is until it is released; a broken rule still takes it back. */
  public RolloutEvent hold(Task task, String backend, String who, String why) {
    return move(
        task,
        backend,
        (lane, road, ramp, now) -> {
          onRamp(road);
          return new Move(
              road.moved(road.share(), Hold.PERSON, who, why, now),
              new RolloutEvent.Held(now, task, backend, road.share(), who, why));
        });
  }

  /**
   * Ends a hold, a person's or a broken rule's. A ramp at nothing begins at its first step again; a
   * split has what its flag says.
   */
  public RolloutEvent release(Task task, String backend, String who, String why) {
    return move(
        task,
        backend,
        (lane, road, ramp, now) -> {
          if (!road.held()) {
            throw new IllegalStateException(
                "%s is not held; it is at %s".formatted(backend, Shares.percent(road.share())));
          }
          long to = road.ramp() ? Math.max(road.share(), ramp.steps().get(0)) : Shares.WHOLE;
          return new Move(
              road.released(to, who, why, now),
              new RolloutEvent.Released(now, task, backend, Controller.shown(lane, to), who, why));
        });
  }

  /** How everything stands. Where no service has made the store yet, nothing was counted. */
  public RolloutState state() {
    try {
      StateReader reader = new StateReader(database(), rules.get(), lanes.get(), clock);
      return database().exists() ? reader.read() : reader.nothing();
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  private static void onRamp(Road road) {
    if (!road.ramp()) {
      throw new IllegalStateException(
          "%s is no ramp for %s but a split, and its flag says its share: change the flag, or take it to zero"
              .formatted(road.backend(), road.task().label()));
    }
  }

  private RolloutEvent move(Task task, String backend, Step step) {
    Lane lane =
        lanes.get().stream()
            .filter(one -> one.task() == task && one.to().equals(backend))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "%s is no new road of %s: its flag must be a ramp or a split that names it"
                            .formatted(backend, task.label())));
    RolloutRules now = rules.get();
    if (!now.needStore(lanes.get())) {
      throw new IllegalStateException(
          "Nothing is kept about the share of %s: it has no guard. Change its flag, or set %s for every service"
              .formatted(backend, RuleKeys.URL));
    }
    try {
      RoadTable table = new RoadTable(database());
      for (int i = 0; i < TRIES; i++) {
        Road stored = stored(table, lane);
        Instant at = clock.now();
        long first = now.ramp(task).steps().get(0);
        Road road =
            stored == null
                ? Road.begin(task, backend, lane.ramp(), lane.ramp() ? first : Shares.WHOLE, at)
                : stored.ramp() == lane.ramp()
                    ? stored
                    : stored.as(lane.ramp(), lane.ramp() ? first : Shares.WHOLE, at);
        Move move = step.from(lane, road, now.ramp(task), at);
        if (table.move(stored, move.to(), move.event())) {
          listener.accept(move.event());
          return move.event();
        }
      }
      throw new IllegalStateException(
          "%s was moved by others all the time; try again".formatted(backend));
    } catch (SQLException e) {
      throw unanswered(e);
    }
  }

  private static @Nullable Road stored(RoadTable table, Lane lane) throws SQLException {
    return table.all().stream()
        .filter(road -> road.task() == lane.task() && road.backend().equals(lane.to()))
        .findFirst()
        .orElse(null);
  }

  private IllegalStateException unanswered(SQLException e) {
    RolloutRules.Store store = rules.get().store();
    return new IllegalStateException(
        "The rollout's store %s (%s) does not answer: %s"
            .formatted(store, store.origin(), e.getMessage()),
        e);
  }

  private synchronized Database database() {
    Database current = database;
    RolloutRules.Store address = rules.get().store();
    if (current == null || !current.address().equals(address)) {
      close();
      current = new Database(address, PATIENCE_MILLIS);
      database = current;
    }
    return current;
  }

  @Override
  public synchronized void close() {
    Database current = database;
    if (current != null) {
      current.close();
    }
  }
}
