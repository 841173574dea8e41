package dev.fluxbridge.compat;

import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageResult;

/**
 * Sees every call from its decision to its end, and what happens to the rollout, for measuring and
 * tracing. It must be quick: calls are seen on the caller's thread. What it throws is logged once
 * and else ignored. Safe for use by several threads.
 */
public interface CallObserver {

  /** Sees nothing. */
  CallObserver NONE = decision -> Call.NONE;

  /** A call begins on the road that was chosen for it. */
  Call begins(Decision decision);

  /** Something happened to the rollout; on whichever thread it did. */
  default void happened(RolloutEvent event) {}

  /** One call that has begun; it ends in one of two ways. */
  interface Call {
    /** Sees nothing. */
    Call NONE = new Call() {};

    /** The pictures are there; the result's decision may be another one, after a fallback. */
    default void ended(ImageResult result) {}

    /** It came to nothing, and the caller gets this. */
    default void failed(RuntimeException why) {}
  }
}
