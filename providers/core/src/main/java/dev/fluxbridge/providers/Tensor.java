package dev.fluxbridge.providers;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers with a shape, row-major. The arrays of old callers (latents, embeddings, float pictures)
 * travel in it.
 *
 * <p>It owns no native memory. The values are not copied: whoever hands an array over stops writing
 * to it.
 */
public final class Tensor {
  private final float[] values;
  private final List<Integer> shape;

  private Tensor(float[] values, List<Integer> shape) {
    this.values = values;
    this.shape = shape;
  }

  /**
   * A tensor over {@code values}.
   *
   * @throws IllegalArgumentException if the shape does not hold just as many values
   */
  public static Tensor of(float[] values, int... shape) {
    long size = 1;
    for (int side : shape) {
      if (side < 0) {
        throw new IllegalArgumentException("a side of " + Arrays.toString(shape) + " is negative");
      }
      size = Math.multiplyExact(size, side);
    }
    if (size != values.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " holds " + size + " values, not " + values.length);
    }
    return new Tensor(values, Arrays.stream(shape).boxed().toList());
  }

  /** The values themselves, not a copy. */
  public float[] values() {
    return values;
  }

  /** The sides, outermost first. */
  public List<Integer> shape() {
    return shape;
  }

  /** The length of one side. */
  public int side(int axis) {
    return shape.get(axis);
  }

  /** Tells the shape only. */
  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
