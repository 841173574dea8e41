package dev.fluxbridge.golden.metrics;

import java.util.function.DoubleUnaryOperator;

/**
 * How sharp an eye sees light and colours, and how it finds edges and points; see {@link Flip} for
 * the source. Each filters across and down.
 */
final class FlipKernels {
  /** 0.7 m before a screen of 0.7 m with 3840 pixels across. */
  private static final double PIXELS_PER_DEGREE = 3840 * Math.PI / 180;

  /** Of the widest one. */
  static final int RADIUS =
      (int) Math.ceil(3 * Math.sqrt(0.04 / (2 * Math.PI * Math.PI)) * PIXELS_PER_DEGREE);

  private static final double UNSEEN = 1e-9;

  private static final double DEVIATION = 0.5 * 0.082 * PIXELS_PER_DEGREE;

  static final float[] LUMA = normed(bell(1, 0.0047));
  static final float[] RED_GREEN = normed(bell(1, 0.0053));

  private static final double[] WIDE = bell(Math.sqrt(34.1 * Math.sqrt(Math.PI / 0.04)), 0.04);
  private static final double[] NARROW = bell(Math.sqrt(13.5 * Math.sqrt(Math.PI / 0.025)), 0.025);

  /** Two bells that are filtered with one by one and then added. */
  static final float[] BLUE_YELLOW = normed(NARROW, Math.hypot(sum(WIDE), sum(NARROW)));

  static final float[] BLUE_YELLOW_WIDE = normed(WIDE, Math.hypot(sum(WIDE), sum(NARROW)));

  static final float[] SMOOTH = feature(x -> 1);
  static final float[] SLOPE = feature(x -> -x);
  static final float[] BEND = feature(x -> x * x / (DEVIATION * DEVIATION) - 1);

  private FlipKernels() {}

  private static double[] bell(double height, double width) {
    double[] bell = new double[2 * RADIUS + 1];
    for (int i = 0; i < bell.length; i++) {
      double degrees = (i - RADIUS) / PIXELS_PER_DEGREE;
      bell[i] = height * Math.exp(-Math.PI * Math.PI * degrees * degrees / width);
    }
    return bell;
  }

  private static float[] normed(double[] kernel) {
    return normed(kernel, sum(kernel));
  }

  /** Less weights at its ends that no sum of floats would show. */
  private static float[] normed(double[] kernel, double sum) {
    int unseen = 0;
    while (kernel[unseen] < UNSEEN * sum) {
      unseen++;
    }
    float[] normed = new float[kernel.length - 2 * unseen];
    for (int i = 0; i < normed.length; i++) {
      normed[i] = (float) (kernel[i + unseen] / sum);
    }
    return normed;
  }

  private static double sum(double[] kernel) {
    double sum = 0;
    for (double weight : kernel) {
      sum += weight;
    }
    return sum;
  }

  /** A bell times a factor; what is above 0 adds up to 1, what is below to -1. */
  private static float[] feature(DoubleUnaryOperator factor) {
    int radius = (int) Math.ceil(3 * DEVIATION);
    double[] kernel = new double[2 * radius + 1];
    double above = 0;
    double below = 0;
    for (int i = 0; i < kernel.length; i++) {
      double x = i - radius;
      kernel[i] = factor.applyAsDouble(x) * Math.exp(-x * x / (2 * DEVIATION * DEVIATION));
      above += Math.max(0, kernel[i]);
      below -= Math.min(0, kernel[i]);
    }
    float[] normed = new float[kernel.length];
    for (int i = 0; i < normed.length; i++) {
      normed[i] = (float) (kernel[i] == 0 ? 0 : kernel[i] / (kernel[i] > 0 ? above : below));
    }
    return normed;
  }
}
