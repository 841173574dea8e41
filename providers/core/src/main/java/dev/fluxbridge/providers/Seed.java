package dev.fluxbridge.providers;

/**
 * Where a picture's noise comes from: a generator's seed, and how much was already drawn from it
 * when the call began.
 *
 * @param value the seed as the caller gave it; negative ones are normal
 * @param drawn 32-bit numbers already taken from the generator, at least 0: a generator that is
 *     used for a second call goes on where the first one stopped
 */
public record Seed(long value, long drawn) {
  public Seed {
    if (drawn < 0) {
      throw new IllegalArgumentException("drawn must be at least 0 but is " + drawn);
    }
  }

  /** A fresh generator's seed. */
  public static Seed of(long value) {
    return new Seed(value, 0);
  }
}
