package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import java.util.Optional;

/**
 * Watches one call. Its methods are called on the thread that made the call, between native
 * operations, and do nothing unless overridden.
 *
 * <p>A watcher that throws ends the call with what it threw.
 */
public interface StepWatcher {

  /** Watches nothing. */
  StepWatcher NONE = new StepWatcher() {};

  /**
   * One denoising step is done.
   *
   * @return latents to go on with instead of the step's own, shape (B, S, 64)
   */
  default Optional<Floats> stepped(Step step) {
    return Optional.empty();
  }

  /**
   * Asked before every step: whether to skip the remaining ones and decode what is there. Nothing
   * is cancelled by this; to cancel, interrupt the thread.
   */
  default boolean interrupted() {
    return false;
  }

  /** One denoising step. Valid until {@link #stepped} returns. */
  interface Step {

    /** Which one, from 0. */
    int index();

    /** How many steps there are in all. */
    int count();

    /** Where on the schedule the step began, 1000 (noise) to 0 (picture). */
    float timestep();

    /**
     * What came out, packed, shape (B, S, 64): copied out of native memory at the first call.
     *
     * @throws IllegalStateException after {@link #stepped} has returned
     */
    Floats latents();
  }
}
