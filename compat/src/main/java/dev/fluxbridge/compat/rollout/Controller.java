package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.rollout.RolloutRules.Guard;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what calls brought, judges the roads under watch, and moves them. Driven by one thread;
 * only {@link #ceilings()}, {@link #watching()} and {@link #floor} may be asked by others.
 *
 * <p>It judges before it asks the store: a road that breaks a rule is taken back here at once, and
 * then for all.
 */
final class Controller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Controller.class);

  private static final Duration LONGEST_COOL_DOWN = Duration.ofDays(1);

  private final Supplier<RolloutRules> rulesNow;
  private final Supplier<List<Lane>> lanesNow;
  private final SteadyClock clock;
  private final Inbox inbox;
  private final KnownRoads roads;
  private final Counters counters = new Counters();
  private final StoreSide store;

  private RolloutRules rules;
  private List<Lane> lanes = List.of();
  private boolean rulesFailed;
  private volatile Ceilings ceilings = Ceilings.NONE;
  private volatile boolean watching;

  Controller(
      Supplier<RolloutRules> rulesNow,
      Supplier<List<Lane>> lanesNow,
      SteadyClock clock,
      Inbox inbox,
      Announcer announcer,
      String process) {
    this.rulesNow = rulesNow;
    this.lanesNow = lanesNow;
    this.clock = clock;
    this.inbox = inbox;
    this.roads = new KnownRoads(clock);
    this.store = new StoreSide(clock, announcer, roads, counters, process);
    this.rules = rulesNow.get();
    this.lanes = List.copyOf(lanesNow.get());
    this.watching = rules.needStore(lanes);
  }

  Ceilings ceilings() {
    return ceilings;
  }

  boolean watching() {
    return watching;
  }

  /** Whether the first tick found out what there is to find: what was held before is held now. */
  boolean settled() {
    return !watching || store.settled();
  }

  Floor floor(Task task, String backend) {
    return store.floor(task, backend);
  }

  /** Something bad was seen: judges at once, with what others counted a second ago. */
  void react() {
    drain();
    judge();
  }

  /** What is due each second. */
  void tick() {
    readRules();
    watching = rules.needStore(lanes);
    drain();
    if (!watching) {
      ceilings = Ceilings.NONE;
      return;
    }
    judge();
    store.use(rules.store());
    if (store.sync(lanes, rules)) {
      judge();
      for (Lane lane : lanes) {
        roads.of(lane.task(), lane.to()).ifPresent(road -> rise(lane, road));
      }
    }
    publish();
    counters.prune(clock.now(), rules.longestWindow());
  }

  private void readRules() {
    try {
      rules = rulesNow.get();
      lanes = List.copyOf(lanesNow.get());
      rulesFailed = false;
    } catch (RuntimeException e) {
      if (!rulesFailed) {
        rulesFailed = true;
        log.warn("The rollout's rules cannot be read; the last good ones stay", e);
      }
    }
  }

  private void drain() {
    Instant now = clock.now();
    inbox.drain(entry -> count(now, entry));
    int dropped = inbox.dropped();
    if (dropped > 0) {
      log.warn(
          "{} outcomes of calls were not counted: they came faster than they could be", dropped);
    }
  }

  private void count(Instant now, Inbox.Entry entry) {
    Inbox.Seen seen = entry.seen();
    if (seen instanceof Inbox.Ended ended) {
      Outcome outcome = ended.outcome();
      long began = entry.nanos() - outcome.took().toNanos();
      long epoch = roads.epoch(outcome.task(), outcome.backend(), began);
      Guard guard = rules.guard(outcome.task());
      counters.count(
          now,
          outcome.task(),
          outcome.backend(),
          epoch,
          tally -> tally.add(outcome, guard.excused()));
    } else if (seen instanceof Inbox.Compared compared) {
      Task task = compared.task();
      long epoch = roads.epoch(task, compared.backend(), entry.nanos());
      counters.count(
          now, task, compared.backend(), epoch, tally -> tally.addDistance(compared.distance()));
    } else if (seen instanceof Inbox.Repeated repeated) {
      counters.count(
          now,
          repeated.task(),
          repeated.backend(),
          0,
          tally -> tally.repeated.add(repeated.distance()));
    } else if (seen instanceof Inbox.Differed differed) {
      store.log(differed.mismatch());
    }
  }

  private void judge() {
    for (Lane lane : lanes) {
      Guard guard = rules.guard(lane.task());
      Road road = road(lane);
      if (road.share() > 0 && !guard.limits().isEmpty()) {
        Instant from = clock.now().minus(guard.window());
        judge(lane, road, from).breach().ifPresent(breach -> takeBack(lane, road, breach));
      }
    }
  }

  private Road road(Lane lane) {
    return roads
        .of(lane.task(), lane.to())
        .orElseGet(
            () ->
                Road.begin(
                    lane.task(),
                    lane.to(),
                    lane.ramp(),
                    lane.ramp() ? 0 : Shares.WHOLE,
                    clock.now()));
  }

  private Judge judge(Lane lane, Road road, Instant from) {
    return new Judge(
        rules.guard(lane.task()),
        counters.since(from, lane.task(), lane.to(), road.epoch()),
        counters.since(from, lane.task(), lane.from(), -1),
        store.floor(lane.task(), lane.from()));
  }

  private void takeBack(Lane lane, Road road, Breach breach) {
    Guard guard = rules.guard(lane.task());
    Instant now = clock.now();
    long to = lane.ramp() && guard.backByStep() ? rules.ramp(lane.task()).below(road.share()) : 0;
    // what stood for as long as it would have to stay down did not break again on its way up
    boolean calm =
        guard.coolDown().filter(time -> due(road, longer(time, road.strikes()))).isPresent();
    int before = calm ? 0 : road.strikes();
    Optional<Instant> rises = guard.coolDown().map(time -> now.plus(longer(time, before)));
    Road back = road.back(to, breach.text(), now, rises, before + 1);
    Optional<Road> stored = roads.of(lane.task(), lane.to());
    roads.put(back);
    publish();
    store.takeBack(
        stored.orElse(null),
        back,
        new RolledBack(now, lane.task(), lane.to(), shown(lane, road.share()), to, breach, rises));
    publish();
  }

  /**
   * Each time that a road breaks a rule again before it is past the share at which it broke one,
   * and soon, it stays down twice as long: up to a day, or to what is written where that is more.
   */
  private static Duration longer(Duration coolDown, int strikes) {
    Duration time = coolDown;
    for (int i = 0; i < strikes && time.compareTo(LONGEST_COOL_DOWN) < 0; i++) {
      time = time.multipliedBy(2);
    }
    return time.compareTo(LONGEST_COOL_DOWN) > 0 && coolDown.compareTo(LONGEST_COOL_DOWN) < 0
        ? LONGEST_COOL_DOWN
        : time;
  }

  /** Lets a road climb on its schedule, or rise after a cool-down. */
  private void rise(Lane lane, Road road) {
    RolloutRules.Ramp ramp = rules.ramp(lane.task());
    boolean cooled =
        road.hold() == Hold.BREACH
            && road.rises()
                .filter(end -> due(road, Duration.between(road.since(), end)))
                .isPresent();
    boolean scheduled =
        lane.ramp()
            && !road.held()
            && ramp.above(road.share()) > road.share()
            && ramp.every().filter(every -> due(road, every)).isPresent();
    if (!cooled && !scheduled) {
      return;
    }
    Judge judge = judge(lane, road, later(road));
    // at nothing there is nothing to judge, but what shadows tell
    boolean evidence = scheduled || road.share() > 0;
    boolean broke = cooled || road.share() <= road.brokeAt();
    if ((evidence && judge.notYet().isPresent()) || (broke && judge.notClear().isPresent())) {
      return;
    }
    Instant now = clock.now();
    long to = lane.ramp() ? ramp.above(road.share()) : Shares.WHOLE;
    String who = cooled ? "the cool-down" : "the schedule";
    String why = cooled ? "the cool-down is over" : "every limit holds";
    Road risen = road.moved(to, Hold.NONE, who, why, now);
    store.move(
        road,
        risen,
        cooled
            ? new RolloutEvent.Released(now, lane.task(), lane.to(), shown(lane, to), who, why)
            : new RolloutEvent.Climbed(now, lane.task(), lane.to(), road.share(), to, who, why));
  }

  /** What people call that share: all that a split may have is what its flag gives it. */
  static long shown(Lane lane, long share) {
    return lane.ramp() ? share : Math.min(share, lane.share());
  }

  private boolean due(Road road, Duration after) {
    return roads.age(road).compareTo(after) >= 0;
  }

  /** The start of the window, but not before the road came to be as it is. */
  private Instant later(Road road) {
    Instant from = clock.now().minus(rules.guard(road.task()).window());
    Instant step = clock.now().minus(roads.age(road)).plus(Span.FINE.length);
    return from.isAfter(step) ? from : step;
  }

  /**
   * Before the store was read once, ramps have no ceiling, which is nothing, and splits are as
   * their flags say.
   */
  private void publish() {
    ceilings = roads.ceilings(lanes);
  }

  @Override
  public void close() {
    drain();
    if (watching) {
      store.sync(lanes, rules);
    }
    store.close();
  }
}
