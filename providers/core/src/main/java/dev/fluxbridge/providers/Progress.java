package dev.fluxbridge.providers;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Watches one call. Every method is called on the thread that made the call, and does nothing
 * unless overridden.
 *
 * <p>A watcher that throws ends the call with what it threw.
 */
public interface Progress {

  /** Watches nothing. */
  Progress NONE = new Progress() {};

  /** The provider took the call. The id is what resumes it and what support asks for. */
  default void accepted(String backend, String requestId) {}

  /** The call waits for a runner behind {@code ahead} others. */
  default void queued(int ahead) {}

  /** The provider draws. */
  default void started() {}

  /**
   * One denoising step is done. Only backends that see their steps say this.
   *
   * @return latents to go on with instead of the step's own
   */
  default Optional<Tensor> stepped(Step step) {
    return Optional.empty();
  }

  /**
   * Asked between steps: whether to skip the remaining ones and decode what is there, as the old
   * pipelines' interrupt did.
   */
  default boolean stopEarly() {
    return false;
  }

  /**
   * One denoising step.
   *
   * @param index from 0
   * @param count steps in all
   * @param timestep where on the schedule the step began, 1000 (noise) to 0 (picture)
   * @param latents what came out, packed, shape (B, S, 64); copied at each look, and there to look
   *     at only until {@link #stepped} returns
   */
  record Step(int index, int count, double timestep, Supplier<Tensor> latents) {}
}
