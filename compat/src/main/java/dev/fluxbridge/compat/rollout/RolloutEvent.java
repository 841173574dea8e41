package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Something that happened to a rollout. Immutable; holds no prompt and no key. */
public sealed interface RolloutEvent {

  /** When. */
  Instant at();

  /** In a sentence, for people. */
  String text();

  /** Something that happened to a new road. */
  sealed interface OfRoad extends RolloutEvent {
    /** Of which task. */
    Task task();

    /** The new road. */
    String backend();
  }

  /** Something that says how large a share a new road may have from now on. */
  sealed interface OfShare extends OfRoad {
    /** That share, in the unit of {@link Shares}. */
    long shareNow();
  }

  /**
   * A ramp began.
   *
   * @param share its first step
   */
  record Began(Instant at, Task task, String backend, long share) implements OfShare {
    @Override
    public long shareNow() {
      return share;
    }

    @Override
    public String text() {
      return "The ramp of %s for %s begins at %s"
          .formatted(backend, task.label(), Shares.percent(share));
    }
  }

  /**
   * A ramp went up a step.
   *
   * @param who the person, or {@code the schedule}
   */
  record Climbed(Instant at, Task task, String backend, long from, long to, String who, String why)
      implements OfShare {
    @Override
    public long shareNow() {
      return to;
    }

    @Override
    public String text() {
      return "%s climbs from %s to %s for %s, by %s: %s"
          .formatted(backend, Shares.percent(from), Shares.percent(to), task.label(), who, why);
    }
  }

  /** A person took a road down. */
  record Lowered(Instant at, Task task, String backend, long from, long to, String who, String why)
      implements OfShare {
    @Override
    public long shareNow() {
      return to;
    }

    @Override
    public String text() {
      return "%s is taken from %s to %s for %s, by %s: %s"
          .formatted(backend, Shares.percent(from), Shares.percent(to), task.label(), who, why);
    }
  }

  /**
   * A rule was broken, and the road was taken back.
   *
   * @param from its share before
   * @param breach what broke which rule
   * @param rises when the cool-down is over; empty: a person must release it
   */
  record RolledBack(
      Instant at,
      Task task,
      String backend,
      long from,
      long to,
      Breach breach,
      Optional<Instant> rises)
      implements OfShare {
    @Override
    public long shareNow() {
      return to;
    }

    @Override
    public String text() {
      return "%s is taken back from %s to %s for %s: %s. It stays there %s"
          .formatted(
              backend,
              Shares.percent(from),
              Shares.percent(to),
              task.label(),
              breach.text(),
              rises.map(end -> "until " + end + " at least").orElse("until it is released"));
    }
  }

  /** A person holds a road where it is. */
  record Held(Instant at, Task task, String backend, long share, String who, String why)
      implements OfShare {
    @Override
    public long shareNow() {
      return share;
    }

    @Override
    public String text() {
      return "%s is held at %s for %s, by %s: %s"
          .formatted(backend, Shares.percent(share), task.label(), who, why);
    }
  }

  /**
   * A hold is over.
   *
   * @param share what the road may have now
   * @param who the person, or {@code the cool-down}
   */
  record Released(Instant at, Task task, String backend, long share, String who, String why)
      implements OfShare {
    @Override
    public long shareNow() {
      return share;
    }

    @Override
    public String text() {
      return "%s is released at %s for %s, by %s: %s"
          .formatted(backend, Shares.percent(share), task.label(), who, why);
    }
  }

  /** The store does not answer. Everything goes on as it last was, in this process's memory. */
  record StoreLost(Instant at, String why) implements RolloutEvent {
    @Override
    public String text() {
      return "The rollout's store is gone; shares stay as they were, counts go on in memory, and no"
          + " budget is spent: "
          + why;
    }
  }

  /**
   * The store answers again, and what was counted meanwhile is in it.
   *
   * @param gone how long it was gone
   */
  record StoreBack(Instant at, Duration gone) implements RolloutEvent {
    @Override
    public String text() {
      return "The rollout's store is back after "
          + gone.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    }
  }

  /**
   * A budget is spent. Told once an hour.
   *
   * @param budget its name
   * @param limit what it may spend
   * @param span in any so long
   */
  record BudgetSpent(Instant at, String budget, BigDecimal limit, Duration span)
      implements RolloutEvent {
    @Override
    public String text() {
      return "The budget '%s' is spent: %s in %s".formatted(budget, limit.toPlainString(), span);
    }
  }

  /**
   * A call left the road that failed it for another, before that one drew.
   *
   * @param backend where it went
   * @param from the road that failed
   * @param reason how it failed
   */
  record FellBack(Instant at, Task task, String backend, String from, Reason reason)
      implements OfRoad {
    @Override
    public String text() {
      return "A call for %s left %s (%s) for %s".formatted(task.label(), from, reason, backend);
    }
  }

  /**
   * A shadow drew, or failed to, and was compared with what was served.
   *
   * @param backend the shadow
   * @param served the road that was served
   * @param distance how far the pictures are apart, 0 to 1, if both are there
   * @param mismatch whether they differ in what is not known to differ
   * @param differences in words for people; blank if there are none
   */
  record ShadowCompared(
      Instant at,
      Task task,
      String backend,
      String served,
      OptionalDouble distance,
      boolean mismatch,
      String differences)
      implements OfRoad {
    @Override
    public String text() {
      return "The shadow of %s on %s for %s %s%s"
          .formatted(
              served,
              backend,
              task.label(),
              mismatch ? "differs" : "matches",
              differences.isEmpty() ? "" : ": " + differences);
    }
  }

  /** A sampled call got no shadow. */
  record ShadowSkipped(Instant at, Task task, String backend, Skip why) implements OfRoad {

    /** Why not. */
    public enum Skip {
      /** As many as may draw at once do. */
      IN_FLIGHT,
      /** The budget does not have what it may cost. */
      BUDGET,
      /** The kill switch is on. */
      KILL_SWITCH,
      /** Too many were cut off and do not end. */
      STUCK
    }

    @Override
    public String text() {
      return "No shadow on %s for %s: %s"
          .formatted(backend, task.label(), why.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  /** Mismatches cannot be recorded; shadows go on, and are compared. Told once. */
  record RecordsLost(Instant at, String why) implements RolloutEvent {
    @Override
    public String text() {
      return "Mismatches of shadows are not recorded: " + why;
    }
  }
}
