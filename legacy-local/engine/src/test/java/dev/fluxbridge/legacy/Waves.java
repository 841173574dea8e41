package dev.fluxbridge.legacy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.DoubleUnaryOperator;

/** Made-up inputs that any language can make again. */
public final class Waves {
  private Waves() {}

  public static NDArray of(NDManager manager, DoubleUnaryOperator value, long... shape) {
    Shape sides = new Shape(shape);
    float[] values = new float[(int) sides.size()];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) value.applyAsDouble(j);
    }
    return manager.create(values, sides);
  }

  public static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
