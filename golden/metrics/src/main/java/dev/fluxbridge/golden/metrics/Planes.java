package dev.fluxbridge.golden.metrics;

/**
 * One channel of two pictures as their sum and their difference, from which the structure of both
 * can be told as well as from the channels themselves.
 *
 * @param sum of shape (H, W), less 1: so its values lie around 0, from -1 to 1, and their squares
 *     keep more digits
 * @param difference of shape (H, W), -1 to 1
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Planes(float[] sum, float[] difference, int width, int height) {

  static Planes of(Side a, Side b, int channel) {
    float[] sum = a.plane(channel);
    float[] difference = b.plane(channel);
    for (int i = 0; i < sum.length; i++) {
      float x = sum[i];
      float y = difference[i];
      sum[i] = x + y - 1;
      difference[i] = x - y;
    }
    return new Planes(sum, difference, a.width(), a.height());
  }

  /**
   * Both at half the size, each pixel the mean of four. Where a side is odd, both get one more row
   * and column before the first, like it, as piq does.
   */
  Planes halved() {
    return new Planes(
        halved(sum), halved(difference), (width + before()) / 2, (height + before()) / 2);
  }

  private int before() {
    return Math.max(width % 2, height % 2);
  }

  private float[] halved(float[] plane) {
    int before = before();
    int across = (width + before) / 2;
    int down = (height + before) / 2;
    float[] half = new float[across * down];
    for (int y = 0; y < down; y++) {
      int above = Math.max(0, 2 * y - before) * width;
      int below = (2 * y + 1 - before) * width;
      for (int x = 0; x < across; x++) {
        int left = Math.max(0, 2 * x - before);
        int right = 2 * x + 1 - before;
        half[y * across + x] =
            (plane[above + left]
                    + plane[above + right]
                    + plane[below + left]
                    + plane[below + right])
                / 4;
      }
    }
    return half;
  }
}
