package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Seed;

/**
 * Old seeds as fal's. Pure: the same seed always becomes the same one.
 *
 * <p>fal publishes no range for seeds; 0 to 2^31-1 is what every endpoint takes.
 */
final class Seeds {
  private Seeds() {}

  /** Whether a seed goes to fal as it is. */
  static boolean fits(long value) {
    return value >= 0 && value <= Integer.MAX_VALUE;
  }

  /**
   * The seed to send.
   *
   * @param seed the caller's
   * @param offset pictures of the same generator that were drawn before this request
   */
  static long map(Seed seed, int offset) {
    long base =
        fits(seed.value()) && seed.drawn() == 0
            ? seed.value()
            : mix(seed.value() ^ mix(seed.drawn())) >>> 33;
    return (base + offset) & Integer.MAX_VALUE;
  }

  /** Spreads close numbers far apart. Source: the finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
