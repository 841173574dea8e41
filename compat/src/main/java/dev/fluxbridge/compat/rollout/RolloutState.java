package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a rollout stands, as the store has it. Immutable.
 *
 * @param at when it was read
 * @param roads the new roads under watch
 * @param budgets what may be spent, and was
 * @param floors how far old roads are from themselves
 * @param events what happened, the newest first
 * @param mismatches where shadows differed, the newest first
 * @param history what was counted, the oldest first: by ten minutes for two days, before that by
 *     the hour for thirty days
 */
public record RolloutState(
    Instant at,
    List<RoadState> roads,
    List<BudgetState> budgets,
    List<FloorState> floors,
    List<Happened> events,
    List<Mismatch> mismatches,
    List<Counted> history) {

  /**
   * A new road under watch.
   *
   * @param lane which
   * @param share the most that it may have now, in the unit of {@link
   *     dev.fluxbridge.compat.route.Shares}; of a split 100 % is what its flag says
   * @param hold who holds it there
   * @param who the person or the rule that moved it last
   * @param why in words for people
   * @param since when it was moved last; empty: nothing happened to it yet
   * @param rises when a cool-down is over
   * @param window over how long it is judged
   * @param now what was counted of it in the window, since it was last taken back
   * @param old what was counted of the old road in the window
   * @param waitsFor why it does not climb now, in words for people; empty: it may
   */
  public record RoadState(
      Lane lane,
      long share,
      Hold hold,
      String who,
      String why,
      Optional<Instant> since,
      Optional<Instant> rises,
      Duration window,
      Statistics now,
      Statistics old,
      Optional<String> waitsFor) {}

  /**
   * A budget.
   *
   * @param name which
   * @param hourly what it may spend in any sixty minutes
   * @param daily the same in any twenty-four hours
   * @param hour what it spent or set aside in the last sixty minutes
   * @param day the same in the last twenty-four hours
   */
  public record BudgetState(
      String name,
      Optional<BigDecimal> hourly,
      Optional<BigDecimal> daily,
      BigDecimal hour,
      BigDecimal day) {}

  /** The noise floor of an old road. */
  public record FloorState(Task task, String backend, Floor floor) {}

  /**
   * Something that happened.
   *
   * @param at when
   * @param kind the name of its {@link RolloutEvent}, such as {@code RolledBack}
   * @param task of which task; empty: of none
   * @param backend which new road; blank: none
   * @param share the most that the road may have from then on, in the unit of {@link
   *     dev.fluxbridge.compat.route.Shares}; empty where it was not about that
   * @param text in a sentence
   */
  public record Happened(
      Instant at,
      String kind,
      Optional<Task> task,
      String backend,
      OptionalLong share,
      String text) {}

  /**
   * What was counted of a road in one slot of the history, over all processes.
   *
   * @param at its start
   * @param length how long it is
   */
  public record Counted(
      Instant at, Duration length, Task task, String backend, Statistics statistics) {}
}
