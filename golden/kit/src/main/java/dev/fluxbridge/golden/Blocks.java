package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;

/** How far the borders of 8x8 blocks stand out, which compression leaves behind. Stateless. */
final class Blocks {
  private static final int SIDE = 8;

  private Blocks() {}

  /** Mean step of grey across the borders over that elsewhere; about 1 where nothing stands out. */
  static double edges(Bitmap picture) {
    byte[] grey = Colours.grey(picture).pixels();
    int width = picture.width();
    long[] steps = new long[2];
    long[] count = new long[2];
    for (int i = 0; i < grey.length; i++) {
      int x = i % width;
      int y = i / width;
      if (x + 1 < width) {
        add(grey[i], grey[i + 1], x, steps, count);
      }
      if (y + 1 < picture.height()) {
        add(grey[i], grey[i + width], y, steps, count);
      }
    }
    double across = (steps[1] + 1.0) / (count[1] + 1);
    return across / ((steps[0] + 1.0) / (count[0] + 1));
  }

  private static void add(byte one, byte other, int at, long[] steps, long[] count) {
    int side = at % SIDE == SIDE - 1 ? 1 : 0;
    // A motif's own edges would drown the steps that compression makes.
    steps[side] += Math.min(SIDE, Math.abs((one & 0xff) - (other & 0xff)));
    count[side]++;
  }
}
