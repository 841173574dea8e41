package dev.fluxbridge.compat;

import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Task;

/**
 * Sees every call from its decision to its end, and what happens to the rollout, for measuring and
 * tracing. It must be quick: calls are seen on the caller's thread. What it throws is logged once
 * and else ignored. Safe for use by several threads.
 */
public interface CallObserver {

  /** Sees nothing. */
  CallObserver NONE = (decision, phase) -> Call.NONE;

  /**
   * A call begins on the road that was chosen for it.
   *
   * @param phase of the migration: 1, 2 or 3
   */
  Call begins(Decision decision, int phase);

  /**
   * A call has no road: the kill switch refuses it, or its flag leads nowhere.
   *
   * @param phase of the migration: 1, 2 or 3
   * @param why what the caller gets
   */
  default void refused(Task task, int phase, RuntimeException why) {}

  /** Something happened to the rollout; on whichever thread it did. */
  default void happened(RolloutEvent event) {}

  /** One call that has begun; it ends in one of two ways, on the thread on which it began. */
  interface Call {
    /** Sees nothing. */
    Call NONE = new Call() {};

    /** The pictures are there; the result's decision may be another one, after a fallback. */
    default void ended(ImageResult result) {}

    /** It came to nothing, and the caller gets this. */
    default void failed(Throwable why) {}
  }
}
