package dev.fluxbridge.golden.metrics;

/**
 * A cube root that costs half of the JDK's, for the millions that CIELAB takes. Stateless.
 *
 * <p>A third of the bits of a number, exponent and all, is near its root; the constant makes up for
 * the exponent's offset and takes the middle of the error, which is 4 of 100 at most. Each of
 * Halley's steps triples the digits that are right.
 */
final class CubeRoot {
  private static final long OFFSET = 0x2a9f7893782da1ceL;

  private CubeRoot() {}

  /** To about 1e-12 of it, for numbers above 0 that are not as small as numbers get. */
  static double of(double value) {
    double root = Double.longBitsToDouble(Double.doubleToRawLongBits(value) / 3 + OFFSET);
    double cube = root * root * root;
    root *= (cube + 2 * value) / (2 * cube + value);
    cube = root * root * root;
    return root * (cube + 2 * value) / (2 * cube + value);
  }
}
