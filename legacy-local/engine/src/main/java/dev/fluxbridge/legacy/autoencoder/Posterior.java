package dev.fluxbridge.legacy.autoencoder;

import ai.djl.ndarray.NDArray;

/**
 * What an encoder makes of pictures: a normal distribution for every number of the latents, not yet
 * scaled as a transformer wants them. Safe for use by several threads.
 *
 * <p>Source: DiagonalGaussianDistribution of diffusers 0.35, models/autoencoders/vae.py.
 *
 * @param mean shape (B, C, h, w), also the distribution's mode ("argmax")
 * @param std the standard deviations, of the same shape
 */
public record Posterior(NDArray mean, NDArray std) {

  /**
   * Latents drawn from the distribution, in the manager of {@code std}.
   *
   * @param noise standard normal numbers, of the same shape; not consumed
   */
  public NDArray sample(NDArray noise) {
    try (NDArray spread = std.mul(noise)) {
      return mean.add(spread);
    }
  }
}
