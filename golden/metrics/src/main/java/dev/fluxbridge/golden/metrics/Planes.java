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
}
