package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roads as this process knows them: as the store had them last, and one step ahead of it where
 * a rule was just broken. Not safe for use by several threads.
 */
final class KnownRoads {
  private final SteadyClock clock;
  private final Map<Key, Known> roads = new HashMap<>();

  KnownRoads(SteadyClock clock) {
    this.clock = clock;
  }

  private record Key(Task task, String backend) {}

  /**
   * @param road as it is now
   * @param seen when it was first seen like this, by the monotonic clock
   * @param epochSeen the same for its epoch
   */
  private record Known(Road road, long seen, long epochSeen) {}

  Optional<Road> of(Task task, String backend) {
    return Optional.ofNullable(known(task, backend)).map(Known::road);
  }

  private @Nullable Known known(Task task, String backend) {
    return roads.get(new Key(task, backend));
  }

  List<Road> all() {
    return roads.values().stream().map(Known::road).toList();
  }

  void put(Road road) {
    Known before = known(road.task(), road.backend());
    if (before != null && before.road().same(road)) {
      return;
    }
    long now = clock.nanos();
    long epochSeen =
        before != null && before.road().epoch() == road.epoch() ? before.epochSeen() : now;
    roads.put(new Key(road.task(), road.backend()), new Known(road, now, epochSeen));
  }

  /**
   * Under which epoch a call began: one that was under way when its road was taken back belongs to
   * the time before.
   *
   * @param began when, by the monotonic clock
   */
  long epoch(Task task, String backend, long began) {
    Known known = known(task, backend);
    if (known == null) {
      return 0;
    }
    long epoch = known.road().epoch();
    return epoch > 0 && began - known.epochSeen() < 0 ? epoch - 1 : epoch;
  }

  /**
   * How long a road has been as it is: by the store's time, and at least since this process saw it
   * first, so that a moment ahead of the clock freezes nothing.
   */
  Duration age(Road road) {
    Duration stored = Duration.between(road.since(), clock.now());
    Known known = known(road.task(), road.backend());
    Duration seen = known == null ? Duration.ZERO : clock.since(known.seen());
    return stored.compareTo(seen) > 0 ? stored : seen;
  }

  /** What the router is to know of the roads under watch. */
  Ceilings ceilings(List<Lane> lanes) {
    Map<Task, Map<String, Ceiling>> ceilings = new EnumMap<>(Task.class);
    for (Lane lane : lanes) {
      Road road = of(lane.task(), lane.to()).orElse(null);
      if (road != null && (lane.ramp() ? road.ramp() : road.held())) {
        ceilings
            .computeIfAbsent(lane.task(), task -> new HashMap<>())
            .put(lane.to(), new Ceiling(road.share(), road.held(), because(road)));
      }
    }
    return ceilings.isEmpty() ? Ceilings.NONE : new Ceilings(ceilings);
  }

  private static String because(Road road) {
    return switch (road.hold()) {
      case NONE -> "the ramp is at " + Shares.percent(road.share());
      case PERSON ->
          "%s holds it at %s: %s".formatted(road.who(), Shares.percent(road.share()), road.why());
      case BREACH ->
          "it was taken back to %s: %s".formatted(Shares.percent(road.share()), road.why());
    };
  }
}
