package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One process of a rollout, driven step by step, with a time of its own. */
final class Service implements AutoCloseable {
  static final Lane RAMP = new Lane(Task.TEXT_TO_IMAGE, "local", "fal", true, Shares.WHOLE);
  static final Lane SPLIT = new Lane(Task.TEXT_TO_IMAGE, "local", "fal", false, 25_000_000);

  final FakeTime time;
  final SteadyClock clock;
  final Flags flags;
  final List<RolloutEvent> events = new ArrayList<>();
  final Controller controller;
  final Steering steering;
  List<Lane> lanes;
  boolean throwing;
  boolean broken;
  private final Inbox inbox = new Inbox();
  private RolloutRules rules;

  Service(FakeTime time, Flags flags, Lane... lanes) {
    this.time = time;
    this.clock = time.clock();
    this.flags = flags;
    this.rules = flags.rules();
    this.lanes = List.of(lanes);
    this.controller =
        new Controller(
            this::rules,
            () -> this.lanes,
            clock,
            inbox,
            new Announcer(this::hears),
            "process-" + UUID.randomUUID());
    this.steering = new Steering(() -> rules, () -> this.lanes, clock, events::add);
  }

  private RolloutRules rules() {
    if (broken) {
      throw new IllegalStateException("half written");
    }
    return rules;
  }

  private void hears(RolloutEvent event) {
    events.add(event);
    if (throwing) {
      throw new IllegalStateException("planted");
    }
  }

  void set(String key, String value) {
    rules = flags.with(key, value).rules();
  }

  void sees(Outcome outcome) {
    inbox.put(clock.nanos(), new Inbox.Ended(outcome));
  }

  void sees(Inbox.Seen seen) {
    inbox.put(clock.nanos(), seen);
  }

  void draws(int times) {
    draws(times, "fal", Duration.ofMillis(800));
  }

  void draws(int times, String backend, Duration took) {
    for (int i = 0; i < times; i++) {
      sees(Outcome.drawn(Task.TEXT_TO_IMAGE, backend, took));
    }
  }

  void fails(int times) {
    for (int i = 0; i < times; i++) {
      sees(Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.UNAVAILABLE, Duration.ofMillis(50)));
    }
  }

  void tick() {
    controller.tick();
  }

  /** Lets time pass second by second, as the thread would live through it. */
  void lives(Duration span) {
    for (long i = 0; i < span.toSeconds(); i++) {
      time.passes(Duration.ofSeconds(1));
      tick();
    }
  }

  /** The share that the new road may have, or -1 if nothing is said about it. */
  long share() {
    Ceiling ceiling = controller.ceilings().of(Task.TEXT_TO_IMAGE, "fal");
    return ceiling == null ? -1 : ceiling.share();
  }

  <E extends RolloutEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    steering.close();
    controller.close();
  }
}
