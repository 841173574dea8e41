package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;

/**
 * Puts the unmasked part of a picture back after every step, at the noise level of the next one.
 *
 * @param mask 1 is repainted, 0 stays, shape (B, S, 64)
 * @param image the picture's latents, packed, shape (B, S, 64)
 * @param noise what they are mixed with, packed, shape (B, S, 64)
 */
record Blend(Shown mask, NDArray image, NDArray noise) {

  NDArray apply(NDArray latents, Schedule schedule, int step) {
    NDArray kept = schedule.scaleNoise(image, noise, step + 1);
    return mask.now().mul(-1).add(1).mul(kept).add(mask.now().mul(latents));
  }
}
