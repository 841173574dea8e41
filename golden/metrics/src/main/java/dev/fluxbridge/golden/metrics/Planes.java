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
record Planes(float[][] sum, float[][] difference) {

  static Planes of(Side a, Side b, int channel) {
    Planes planes = new Planes(new float[a.height()][a.width()], new float[a.height()][a.width()]);
    for (int y = 0; y < a.height(); y++) {
      float[] sum = planes.sum[y];
      float[] difference = planes.difference[y];
      a.row(channel, y, sum, 0);
      b.row(channel, y, difference, 0);
      for (int i = 0; i < sum.length; i++) {
        float other = difference[i];
        difference[i] = sum[i] - other;
        sum[i] = sum[i] + other - 1;
      }
    }
    return planes;
  }

  int width() {
    return sum[0].length;
  }

  int height() {
    return sum.length;
  }

  /**
   * Both at half the size, each pixel the mean of four. Where a side is odd, both get one more row
   * and column before the first, like it, as piq does.
   */
  Planes halved() {
    return new Planes(halved(sum), halved(difference));
  }

  private static float[][] halved(float[][] plane) {
    int width = plane[0].length;
    int before = Math.max(width % 2, plane.length % 2);
    float[][] half = new float[(plane.length + before) / 2][(width + before) / 2];
    float[] both = new float[width];
    for (int y = 0; y < half.length; y++) {
      float[] above = plane[Math.max(0, 2 * y - before)];
      float[] below = plane[2 * y + 1 - before];
      for (int x = 0; x < width; x++) {
        both[x] = (above[x] + below[x]) / 4;
      }
      for (int x = 0; x < half[y].length; x++) {
        half[y][x] = both[Math.max(0, 2 * x - before)] + both[2 * x + 1 - before];
      }
    }
    return half;
  }
}
