package dev.fluxbridge.golden.metrics;

/**
 * What is counted value by value.
 *
 * @param meanAbsolute mean absolute difference, 0 to 1
 * @param meanSquared mean squared difference, 0 to 1
 */
record Pointwise(double meanAbsolute, double meanSquared) {

  static Pointwise of(Side a, Side b) {
    return a.values().isPresent() && b.values().isPresent()
        ? of(a.values().get(), b.values().get())
        : of(a.bitmap().pixels(), b.bitmap().pixels());
  }

  private static Pointwise of(byte[] a, byte[] b) {
    long absolute = 0;
    long squared = 0;
    for (int i = 0; i < a.length; i++) {
      int difference = (a[i] & 0xff) - (b[i] & 0xff);
      absolute += Math.abs(difference);
      int square = difference * difference;
      squared += square;
    }
    return new Pointwise(absolute / (255.0 * a.length), squared / (255.0 * 255.0 * a.length));
  }

  private static Pointwise of(float[] a, float[] b) {
    double absolute = 0;
    double squared = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      absolute += Math.abs(difference);
      squared += difference * difference;
    }
    return new Pointwise(absolute / a.length, squared / a.length);
  }

  double rootMeanSquared() {
    return Math.sqrt(meanSquared);
  }

  double decibels() {
    return -10 * Math.log10(meanSquared);
  }
}
