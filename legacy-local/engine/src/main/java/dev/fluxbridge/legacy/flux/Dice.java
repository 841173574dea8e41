package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.kernels.Precision;
import dev.fluxbridge.legacy.random.TorchGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The generators of one call. Every pipeline draws from them in its own order, and the same seed
 * gives the same picture only in that order.
 */
final class Dice {
  private final List<Noise> given;
  private final List<TorchGenerator> generators;
  private final Precision precision;

  /**
   * @param precision in which they draw
   */
  Dice(List<Noise> given, Precision precision) {
    this.given = given;
    this.precision = precision;
    generators =
        given.isEmpty()
            ? List.of(new TorchGenerator(new SecureRandom().nextLong(), 0))
            : given.stream().map(n -> new TorchGenerator(n.seed(), n.drawn())).toList();
  }

  /**
   * Normal numbers for pictures: one generator draws them all at once, of several each draws for
   * its own picture.
   *
   * @param pictures how many, at most as many as there are generators if there are several
   * @param each numbers in one of them
   */
  float[] randn(int pictures, int each) {
    if (generators.size() == 1) {
      return generators.get(0).randn(Math.multiplyExact(pictures, each), precision);
    }
    float[] all = new float[Math.multiplyExact(pictures, each)];
    for (int i = 0; i < pictures; i++) {
      System.arraycopy(generators.get(i).randn(each, precision), 0, all, i * each, each);
    }
    return all;
  }

  /** How many 32-bit numbers the call took from each generator that it was given. */
  List<Long> drawn() {
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      drawn.add(generators.get(i).drawn() - given.get(i).drawn());
    }
    return drawn;
  }
}
