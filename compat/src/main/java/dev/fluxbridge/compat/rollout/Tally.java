package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.BackendException.Reason;
import java.util.Set;

/** What was counted of one road in one slot, or the sum over several. Not safe for threads. */
final class Tally {
  /** Calls that count, served ones and shadows. */
  long calls;

  /** How many of them nobody waited for. */
  long shadows;

  /** How many of them failed. */
  long failures;

  /** Failures that a caller saw. */
  long affected;

  /** Calls that do not count: the caller's own mistakes, and what the rules excuse. */
  long excused;

  /** Sum of what is known of their cost, in billionths, and of how many calls it is known. */
  long money;

  long priced;

  /** Sum of the distances to the old road, and how many pictures were compared. */
  double distance;

  long compared;

  /** Sum of the shares of protected pixels that changed, and of how many edits. */
  double maskChanged;

  long masked;

  /** Milliseconds of the calls that were drawn. */
  final Sketch took;

  /** Distances of repeated runs of this road. */
  final Sketch repeated;

  Tally() {
    this(new Sketch(), new Sketch());
  }

  Tally(Sketch took, Sketch repeated) {
    this.took = took;
    this.repeated = repeated;
  }

  void add(Outcome outcome, Set<Reason> excuses) {
    outcome
        .money()
        .ifPresent(
            amount -> {
              money += Money.billionths(amount);
              priced++;
            });
    if (outcome.failure().filter(excuses::contains).isPresent()) {
      excused++;
      return;
    }
    calls++;
    shadows += outcome.shadow() ? 1 : 0;
    if (outcome.failure().isPresent()) {
      failures++;
      affected += outcome.shadow() ? 0 : 1;
    } else {
      took.add(outcome.took().toNanos() / 1e6);
    }
    outcome
        .maskChanged()
        .ifPresent(
            share -> {
              maskChanged += share;
              masked++;
            });
  }

  void addDistance(double value) {
    distance += value;
    compared++;
  }

  void add(Tally other) {
    calls += other.calls;
    shadows += other.shadows;
    failures += other.failures;
    affected += other.affected;
    excused += other.excused;
    money += other.money;
    priced += other.priced;
    distance += other.distance;
    compared += other.compared;
    maskChanged += other.maskChanged;
    masked += other.masked;
    took.add(other.took);
    repeated.add(other.repeated);
  }
}
