package dev.fluxbridge.providers;

import java.util.Map;
import java.util.function.Function;

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
   * @return tensors to go on with instead of the step's own, by the names that {@link Step#tensor}
   *     knows and of the same shapes; empty to change nothing
   */
  default Map<String, Tensor> stepped(Step step) {
    return Map.of();
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
   * @param tensors see {@link #tensor}
   */
  record Step(int index, int count, double timestep, Function<String, Tensor> tensors) {

    /**
     * One of the tensors that the old pipeline showed its callback: {@code latents}, which came
     * out, packed, shape (B, S, 64), and {@code prompt_embeds}, shape (B, T, width of T5),
     * everywhere; with one ControlNet {@code control_image}, and where it inpaints {@code mask} and
     * {@code masked_image_latents}. Copied at each look, and there to look at only until {@link
     * #stepped} returns.
     *
     * @throws IllegalArgumentException if the pipeline has no tensor of that name
     */
    public Tensor tensor(String name) {
      return tensors.apply(name);
    }

    /** The latents that came out. */
    public Tensor latents() {
      return tensor("latents");
    }
  }
}
