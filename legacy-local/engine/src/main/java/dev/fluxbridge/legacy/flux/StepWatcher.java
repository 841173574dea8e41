package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import java.util.Map;

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
   * @return tensors to go on with instead of the step's own, by the names that {@link Step#tensor}
   *     knows, of the same shapes; other names are not looked at
   */
  default Map<String, Floats> stepped(Step step) {
    return Map.of();
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
     * One of the tensors that the old pipeline showed its callback, copied out of native memory:
     * {@code latents}, packed, shape (B, S, 64), and {@code prompt_embeds}, shape (B, T, width of
     * T5), everywhere; with one ControlNet {@code control_image}, and where it inpaints {@code
     * mask} and {@code masked_image_latents}, packed as the latents are.
     *
     * @throws IllegalArgumentException if the pipeline has no tensor of that name
     * @throws IllegalStateException after {@link #stepped} has returned
     */
    Floats tensor(String name);

    /** The latents that came out. */
    default Floats latents() {
      return tensor("latents");
    }
  }
}
