package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;

/** How far the borders of 8x8 blocks stand out, which compression leaves behind. Stateless. */
final class Blocking {
  private static final int BLOCK = 8;

  private Blocking() {}

  /** By what factor they stand out more in one picture than in the other, less 1. */
  static double difference(Side a, Side b) {
    double one = edges(a.grey());
    double other = edges(b.grey());
    return Math.max(one, other) / Math.min(one, other) - 1;
  }

  /** Mean step of grey across the borders over that elsewhere; about 1 where nothing stands out. */
  private static double edges(Bitmap grey) {
    byte[] pixels = grey.pixels();
    int width = grey.width();
    long[] steps = new long[2];
    long[] count = new long[2];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % width;
      int y = i / width;
      if (x + 1 < width) {
        add(pixels[i], pixels[i + 1], x, steps, count);
      }
      if (y + 1 < grey.height()) {
        add(pixels[i], pixels[i + width], y, steps, count);
      }
    }
    double across = (steps[1] + 1.0) / (count[1] + 1);
    return across / ((steps[0] + 1.0) / (count[0] + 1));
  }

  private static void add(byte one, byte other, int at, long[] steps, long[] count) {
    int side = at % BLOCK == BLOCK - 1 ? 1 : 0;
    // A motif's own edges would drown the steps that compression makes.
    steps[side] += Math.min(BLOCK, Math.abs((one & 0xff) - (other & 0xff)));
    count[side]++;
  }
}
