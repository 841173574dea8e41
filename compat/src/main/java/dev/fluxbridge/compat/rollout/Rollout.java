package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rollout under way in this process: counts how calls end, takes a new road back when it breaks a
 * rule, climbs ramps, and keeps the budgets, together with every process that shares the store.
 *
 * <p>It routes nothing: it says how large a share each road may have. Safe for use by several
 * threads. What callers' threads ask, {@link #ceilings()} and the methods that take what was seen,
 * never waits: all judging and all of the store's work is done by one thread of its own. Where the
 * store is gone, everything goes on as it last was, in memory, and a road that breaks a rule is
 * still taken back, here first.
 */
public final class Rollout implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Rollout.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Many failures at once are judged together, so that a storm of them does not take a core. */
  private static final Duration BREATH = Duration.ofMillis(2);

  /** How long a start waits to know what was held before. */
  private static final Duration FIRST_READ = Duration.ofSeconds(3);

  /** Somebody else holds the store just now; held roads must be known before the first call. */
  private static final Duration BUSY_START = Duration.ofMillis(50);

  private static final Duration LAST_WRITE = Duration.ofSeconds(3);
  private static final int BUDGET_PATIENCE_MILLIS = 2000;

  private final Supplier<RolloutRules> rules;
  private final SteadyClock clock;
  private final Inbox inbox = new Inbox();
  private final Controller controller;
  private final Budgets budgets;
  private final Steering steering;
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Database budgetStore;

  private Rollout(
      Supplier<RolloutRules> rules,
      Supplier<List<Lane>> lanes,
      Consumer<RolloutEvent> listener,
      SteadyClock clock,
      CountDownLatch firstRead) {
    this.rules = rules;
    this.clock = clock;
    Announcer announcer = new Announcer(listener);
    String process =
        ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString().substring(0, 8);
    this.controller = new Controller(rules, lanes, clock, inbox, announcer, process);
    this.budgets = new Budgets(this::budgetStore, rules, clock, announcer::tell);
    this.steering = new Steering(rules, lanes, clock, announcer::tell);
    this.thread = new Thread(() -> run(firstRead), "fluxbridge-rollout");
    thread.setDaemon(true);
  }

  /**
   * Starts watching. Waits up to three seconds for the store, where one is needed, so that a road
   * which was held before this process started gets no call.
   *
   * @param rules the rules now; asked each second, so it must be quick
   * @param lanes the roads under watch now, from the flags; asked each second too
   * @param listener hears of everything that happens, most of it on the rollout's own thread, so it
   *     must not wait; what it throws is logged
   * @param clock the time
   */
  public static Rollout start(
      Supplier<RolloutRules> rules,
      Supplier<List<Lane>> lanes,
      Consumer<RolloutEvent> listener,
      SteadyClock clock) {
    CountDownLatch firstRead = new CountDownLatch(1);
    Rollout rollout = new Rollout(rules, lanes, listener, clock, firstRead);
    rollout.thread.start();
    try {
      if (rollout.controller.watching()
          && !firstRead.await(FIRST_READ.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("The rollout's store did not answer in {}; starting without it", FIRST_READ);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return rollout;
  }

  /** How large a share each road may have now. Reads a field; asked at every decision. */
  public Ceilings ceilings() {
    return controller.ceilings();
  }

  /** A call ended. To be told on the caller's thread: it does not wait. */
  public void record(Outcome outcome) {
    if (!controller.watching()) {
      return;
    }
    inbox.put(clock.nanos(), new Inbox.Ended(outcome));
    Reason failure = outcome.failure().orElse(null);
    boolean counts = failure != null && !RolloutRules.Guard.CALLERS_OWN.contains(failure);
    if (counts && awake.compareAndSet(false, true)) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * A picture of a new road was compared with the old road's. Does not wait.
   *
   * @param backend the new road
   * @param distance 0 is the same
   */
  public void distance(Task task, String backend, double distance) {
    put(new Inbox.Compared(task, backend, checked(distance)));
  }

  /**
   * Two pictures of the old road, asked for twice, were compared. Does not wait.
   *
   * @param backend the old road
   * @param distance 0 is the same
   */
  public void noise(Task task, String backend, double distance) {
    put(new Inbox.Repeated(task, backend, checked(distance)));
  }

  /** A mismatch was recorded. Does not wait. */
  public void mismatch(Mismatch mismatch) {
    put(new Inbox.Differed(mismatch));
  }

  private void put(Inbox.Seen seen) {
    if (controller.watching()) {
      inbox.put(clock.nanos(), seen);
    }
  }

  private static double checked(double distance) {
    if (!(distance >= 0) || Double.isInfinite(distance)) {
      throw new IllegalArgumentException("a distance is 0 or more, not " + distance);
    }
    return distance;
  }

  /** How far an old road is from itself, as it was last read. */
  public Floor floor(Task task, String backend) {
    return controller.floor(task, backend);
  }

  /**
   * Sets money aside, if the budget has it. Waits for the store, so it is not for callers' threads.
   *
   * @param budget its name, such as {@link RolloutRules#SHADOW}
   * @param amount the most that it may come to, 0 or more
   * @return empty if the budget has not so much, has no limit written, or the store does not answer
   */
  public Optional<Reservation> reserve(String budget, BigDecimal amount) {
    return budgets.reserve(budget, amount);
  }

  /** What a person may do, and how everything stands. Waits for the store. */
  public Steering steering() {
    return steering;
  }

  private void run(CountDownLatch firstRead) {
    long ticked = clock.nanos();
    Duration due = Duration.ZERO;
    while (!closed) {
      if (clock.since(ticked).compareTo(due) >= 0) {
        guarded(controller::tick);
        ticked = clock.nanos();
        due = controller.settled() ? TICK : BUSY_START;
        if (controller.settled()) {
          firstRead.countDown();
        }
      }
      if (awake.get()) {
        guarded(controller::react);
        // nobody wakes it now; what comes meanwhile is judged after the breath
        LockSupport.parkNanos(BREATH.toNanos());
        awake.set(false);
        guarded(controller::react);
      } else {
        LockSupport.parkNanos(due.minus(clock.since(ticked)).toNanos());
      }
    }
    guarded(controller::close);
  }

  /** Whatever happens to one round, the next one comes. */
  private static void guarded(Runnable round) {
    try {
      round.run();
    } catch (RuntimeException e) {
      log.warn("A round of the rollout failed; the next one comes", e);
    }
  }

  private synchronized Database budgetStore() {
    Database current = budgetStore;
    RolloutRules.Store address = rules.get().store();
    if (current == null || !current.address().equals(address)) {
      if (current != null) {
        current.close();
      }
      current = new Database(address, BUDGET_PATIENCE_MILLIS);
      budgetStore = current;
    }
    return current;
  }

  /** Writes what was counted, waiting up to three seconds for that. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LAST_WRITE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    steering.close();
    synchronized (this) {
      Database current = budgetStore;
      if (current != null) {
        current.close();
      }
    }
  }
}
