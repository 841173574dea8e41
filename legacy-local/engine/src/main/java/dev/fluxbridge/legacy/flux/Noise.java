package dev.fluxbridge.legacy.flux;

/**
 * Where noise comes from: the seed of a {@code torch.Generator} on the CPU, and how far it was
 * drawn when the call began.
 *
 * @param seed as the caller gave it; negative ones are normal
 * @param drawn 32-bit numbers already taken from the generator, at least 0
 */
public record Noise(long seed, long drawn) {

  /**
   * @throws IllegalArgumentException if {@code drawn} is negative
   */
  public Noise {
    if (drawn < 0) {
      throw new IllegalArgumentException("drawn must be at least 0 but is " + drawn);
    }
  }

  /** A fresh generator. */
  public static Noise of(long seed) {
    return new Noise(seed, 0);
  }
}
