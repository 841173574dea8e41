package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Tensor;
import java.util.Map;

/**
 * {@code callback_on_step_end}: called after each denoising step, on the caller's thread. Hosted
 * roads have no steps to call it for.
 */
@FunctionalInterface
public interface StepCallback {

  /**
   * Looks at a step, and may change what the next one starts from.
   *
   * @param pipe the pipeline; {@link DiffusionPipeline#interrupt()} on it skips the remaining steps
   * @param stepIndex from 0
   * @param timestep where on the schedule the step began, 1000 to 0
   * @param callbackKwargs the tensors that were asked for by name
   * @return tensors to go on with, by name; an empty map changes nothing
   */
  Map<String, Tensor> onStepEnd(
      DiffusionPipeline<?> pipe,
      int stepIndex,
      double timestep,
      Map<String, Tensor> callbackKwargs);
}
