package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutRules.Allowance;
import dev.fluxbridge.compat.rollout.SpendingTable.Spent;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Budgets that several processes share. Each reservation is one transaction of the store, so that
 * no two can spend the same money; without the store there is none. Blocks for as long as that
 * takes: not for callers' threads. Safe for use by several threads.
 */
final class Budgets {
  private static final Logger log = LoggerFactory.getLogger(Budgets.class);

  /** Corrections that wait for the store; beyond that the oldest stays reserved as it was. */
  private static final int MOST_WAITING = 10_000;

  private final Supplier<Database> database;
  private final Supplier<RolloutRules> rules;
  private final SteadyClock clock;
  private final Consumer<RolloutEvent> listener;
  private final Deque<Spending> corrections = new ArrayDeque<>();

  /** What this process spent, for a store that is made anew under it. */
  private final Map<String, Map<Long, Long>> own = new TreeMap<>();

  private String identity = "";
  private boolean lost;

  Budgets(
      Supplier<Database> database,
      Supplier<RolloutRules> rules,
      SteadyClock clock,
      Consumer<RolloutEvent> listener) {
    this.database = database;
    this.rules = rules;
    this.clock = clock;
    this.listener = listener;
  }

  private record Spending(String budget, long minute, long amount) {}

  /** What a transaction found. */
  private record Answer(Optional<Duration> broken, boolean tell) {}

  Optional<Reservation> reserve(String budget, BigDecimal amount) {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("a reservation of " + amount + " is none");
    }
    Allowance allowance = rules.get().budgets().get(budget);
    if (allowance == null) {
      return Optional.empty();
    }
    long billionths = Money.billionths(amount);
    Optional<RolloutEvent> spent = Optional.empty();
    Optional<Reservation> reserved = Optional.empty();
    synchronized (this) {
      Instant now = clock.now();
      long minute = SpendingTable.minute(now);
      try {
        Answer answer =
            inStore(connection -> reserve(connection, budget, allowance, billionths, now));
        if (answer.broken().isEmpty()) {
          keep(new Spending(budget, minute, billionths));
          reserved = Optional.of(new Held(new Spending(budget, minute, billionths)));
        } else if (answer.tell()) {
          spent = Optional.of(told(budget, allowance, answer.broken().get(), now));
        }
      } catch (SQLException | RuntimeException e) {
        fails(e);
      }
    }
    spent.ifPresent(listener);
    return reserved;
  }

  private static Answer reserve(
      Connection connection, String budget, Allowance allowance, long amount, Instant now)
      throws SQLException {
    SpendingTable.lock(connection, budget);
    Spent spent = SpendingTable.spent(connection, budget, now);
    Optional<Duration> broken = spent.broken(allowance, amount);
    if (broken.isEmpty()) {
      SpendingTable.add(connection, budget, SpendingTable.minute(now), amount);
      return new Answer(broken, false);
    }
    boolean tell = SpendingTable.tell(connection, budget, now);
    if (tell) {
      LogTable.insert(connection, told(budget, allowance, broken.get(), now));
    }
    return new Answer(broken, tell);
  }

  private static RolloutEvent told(
      String budget, Allowance allowance, Duration broken, Instant now) {
    Optional<BigDecimal> limit =
        broken.equals(SpendingTable.HOUR) ? allowance.hour() : allowance.day();
    return new RolloutEvent.BudgetSpent(now, budget, limit.orElseThrow(), broken);
  }

  private <T> T transact(Database store, Database.Work<T> work) throws SQLException {
    try {
      return store.transact(work);
    } catch (Database.UnknownEnd e) {
      // What may be given back already is not given back again: the money stays counted as spent.
      corrections.removeIf(correction -> correction.amount() < 0);
      throw e;
    }
  }

  private synchronized void correct(Spending correction) {
    keep(correction);
    corrections.addLast(correction);
    if (corrections.size() > MOST_WAITING) {
      corrections.removeFirst();
    }
    try {
      inStore(connection -> true);
    } catch (SQLException | RuntimeException e) {
      fails(e);
    }
  }

  /** In one transaction with what waits, and with what a new store does not know yet. */
  private <T> T inStore(Database.Work<T> work) throws SQLException {
    Database store = database.get();
    List<Spending> waiting = new ArrayList<>(corrections);
    T done =
        transact(
            store,
            connection -> {
              if (!identity.isEmpty() && !identity.equals(store.identity())) {
                for (Map.Entry<String, Map<Long, Long>> budget : own.entrySet()) {
                  SpendingTable.lock(connection, budget.getKey());
                  for (Map.Entry<Long, Long> minute : budget.getValue().entrySet()) {
                    SpendingTable.add(
                        connection, budget.getKey(), minute.getKey(), minute.getValue());
                  }
                }
              } else {
                for (Spending correction : waiting) {
                  SpendingTable.add(
                      connection, correction.budget(), correction.minute(), correction.amount());
                }
              }
              return work.on(connection);
            });
    identity = store.identity();
    corrections.clear();
    lost = false;
    return done;
  }

  private void keep(Spending spending) {
    Map<Long, Long> minutes = own.computeIfAbsent(spending.budget(), name -> new HashMap<>());
    minutes.merge(spending.minute(), spending.amount(), Long::sum);
    long oldest = SpendingTable.minute(clock.now().minus(SpendingTable.DAY)) - 1;
    minutes.keySet().removeIf(minute -> minute < oldest);
  }

  private void fails(Exception failure) {
    if (!lost) {
      lost = true;
      // the controller has told, or will within a second
      log.info("No budget is spent: the rollout's store does not answer: {}", failure.toString());
    }
  }

  private final class Held implements Reservation {
    private final Spending spending;
    private final AtomicBoolean answered = new AtomicBoolean();

    Held(Spending spending) {
      this.spending = spending;
    }

    @Override
    public BigDecimal amount() {
      return Money.of(spending.amount());
    }

    @Override
    public void settle(BigDecimal actual) {
      if (actual.signum() < 0) {
        throw new IllegalArgumentException("nothing costs " + actual);
      }
      if (answered.compareAndSet(false, true)) {
        long over = Money.billionths(actual) - spending.amount();
        if (over != 0) {
          correct(new Spending(spending.budget(), spending.minute(), over));
        }
      }
    }

    @Override
    public void release() {
      settle(BigDecimal.ZERO);
    }
  }
}
