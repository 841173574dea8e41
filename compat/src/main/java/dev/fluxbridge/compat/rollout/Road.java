package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a new road has come: a row of the store. Immutable.
 *
 * @param task of which task
 * @param backend the new road
 * @param ramp whether its share is a step of a ramp; else its flag says the share, and this is all
 *     or nothing
 * @param share the most it may have, in the unit of {@link Shares}
 * @param hold who holds it there
 * @param who the person or the rule that moved it last
 * @param why in words for people
 * @param since when it was moved last
 * @param rises when a cool-down is over
 * @param brokeAt the share at which it last broke a rule: until it is past that again, it climbs
 *     only where every value is clear of its limit. 0: it never did
 * @param strikes how often in a row it broke one without getting past that share: each doubles the
 *     cool-down
 * @param epoch how often it was taken back
 * @param version counts its moves; only who knows the newest may make the next
 */
record Road(
    Task task,
    String backend,
    boolean ramp,
    long share,
    Hold hold,
    String who,
    String why,
    Instant since,
    Optional<Instant> rises,
    long brokeAt,
    int strikes,
    long epoch,
    long version) {

  boolean held() {
    return hold != Hold.NONE;
  }

  /** One that nothing happened to yet. */
  static Road begin(Task task, String backend, boolean ramp, long share, Instant at) {
    return new Road(
        task,
        backend,
        ramp,
        share,
        Hold.NONE,
        "the flag",
        ramp ? "the ramp began" : "a split",
        at,
        Optional.empty(),
        0,
        0,
        0,
        1);
  }

  /**
   * Taken back by a broken rule.
   *
   * @param inARow how often in a row, with this
   */
  Road back(long to, String breach, Instant at, Optional<Instant> until, int inARow) {
    return new Road(
        task,
        backend,
        ramp,
        to,
        Hold.BREACH,
        "the guard",
        breach,
        at,
        until,
        Math.max(brokeAt, share),
        inARow,
        epoch + 1,
        version + 1);
  }

  /** Moved to another share, and held there or not. */
  Road moved(long to, Hold by, String mover, String reason, Instant at) {
    boolean past = by == Hold.NONE && to > brokeAt;
    return new Road(
        task,
        backend,
        ramp,
        to,
        by,
        mover,
        reason,
        at,
        Optional.empty(),
        past ? 0 : brokeAt,
        past ? 0 : strikes,
        epoch,
        version + 1);
  }

  /** Released by a person, who answers for it: what broke before is forgotten. */
  Road released(long to, String mover, String reason, Instant at) {
    return new Road(
        task,
        backend,
        ramp,
        to,
        Hold.NONE,
        mover,
        reason,
        at,
        Optional.empty(),
        0,
        0,
        epoch,
        version + 1);
  }

  /** The same, as a ramp or a split: the flag was changed. */
  Road as(boolean nowRamp, long nowShare, Instant at) {
    return new Road(
        task,
        backend,
        nowRamp,
        nowShare,
        hold,
        held() ? who : "the flag",
        held() ? why : nowRamp ? "the ramp began" : "a split",
        at,
        rises,
        0,
        strikes,
        epoch,
        version + 1);
  }

  /** The same, on top of what somebody else wrote in the meantime. */
  Road over(Road other) {
    return new Road(
        task,
        backend,
        ramp,
        share,
        hold,
        who,
        why,
        since,
        rises,
        brokeAt,
        strikes,
        Math.max(epoch, other.epoch + 1),
        other.version + 1);
  }

  boolean same(Road other) {
    return version == other.version && since.equals(other.since);
  }
}
