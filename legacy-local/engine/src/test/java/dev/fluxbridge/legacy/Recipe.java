package dev.fluxbridge.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The numbers of tools/reference/derived.py, bit for bit: made of a name, so that none is stored.
 */
final class Recipe {
  private Recipe() {}

  /** Numbers spread evenly within +-amplitude. */
  static float[] numbers(String name, int count, double amplitude) {
    long seed = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(UTF_8)) {
      seed = (seed ^ (b & 0xff)) * 0x100000001B3L;
    }
    float[] numbers = new float[count];
    for (int j = 0; j < count; j++) {
      long z = seed + (j + 1L) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      numbers[j] = (float) ((2 * ((z >>> 40) * 0x1p-24) - 1) * amplitude);
    }
    return numbers;
  }
}
