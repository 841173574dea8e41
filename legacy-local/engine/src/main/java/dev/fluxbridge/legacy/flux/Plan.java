package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What a pipeline has made ready before its first step.
 *
 * @param latents where it starts, packed, shape (B, S, 64)
 * @param schedule the noise levels of the steps that are made
 * @param rotary the places of all image tokens
 * @param guidance what weighs the negative prompt, if there is one
 * @param features what a step shows the transformer beside the latents' own features, shape (B, S,
 *     F)
 * @param tokens what it shows beside the latents' own tokens, shape (B, R, 64)
 * @param blend what is put back after each step
 * @param controlNets what steers the transformer
 * @param tensors what a watcher may see and replace by name, beside latents and prompt_embeds
 * @param finish what is done with each decoded picture
 */
record Plan(
    NDArray latents,
    Schedule schedule,
    NDArray rotary,
    Optional<Guidance> guidance,
    Optional<IntFunction<NDArray>> features,
    Optional<NDArray> tokens,
    Optional<Blend> blend,
    Optional<ControlNets> controlNets,
    Map<String, Shown> tensors,
    UnaryOperator<Floats> finish) {

  static Plan of(NDArray latents, Schedule schedule, NDArray rotary, Optional<Guidance> guidance) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        UnaryOperator.identity());
  }

  /** The same at every step. */
  Plan showing(NDArray everyStep) {
    return showing(step -> everyStep);
  }

  Plan showing(IntFunction<NDArray> byStep) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        Optional.of(byStep),
        tokens,
        blend,
        controlNets,
        tensors,
        finish);
  }

  Plan beside(NDArray referenceTokens) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        features,
        Optional.of(referenceTokens),
        blend,
        controlNets,
        tensors,
        finish);
  }

  Plan blending(Blend kept) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        features,
        tokens,
        Optional.of(kept),
        controlNets,
        tensors,
        finish);
  }

  Plan steered(ControlNets nets) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        features,
        tokens,
        blend,
        Optional.of(nets),
        tensors,
        finish);
  }

  Plan watched(Map<String, Shown> named) {
    return new Plan(
        latents, schedule, rotary, guidance, features, tokens, blend, controlNets, named, finish);
  }

  Plan finished(UnaryOperator<Floats> picture) {
    return new Plan(
        latents,
        schedule,
        rotary,
        guidance,
        features,
        tokens,
        blend,
        controlNets,
        tensors,
        picture);
  }
}
