package dev.fluxbridge.legacy.array;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers with a shape, row-major, in a plain Java array.
 *
 * <p>It owns no native memory. The values are not copied: whoever hands an array over stops writing
 * to it. Safe for use by several threads under that condition.
 */
public final class Floats {
  private final float[] values;
  private final List<Integer> shape;

  private Floats(float[] values, List<Integer> shape) {
    this.values = values;
    this.shape = shape;
  }

  /**
   * Gives values a shape.
   *
   * @throws IllegalArgumentException if the shape does not hold just as many values
   */
  public static Floats of(float[] values, int... shape) {
    long size = 1;
    for (int side : shape) {
      size = side < 0 ? -1 : Math.multiplyExact(size, (long) side);
      if (size < 0) {
        break;
      }
    }
    if (size != values.length) {
      throw new IllegalArgumentException(
          "the shape " + Arrays.toString(shape) + " does not hold " + values.length + " values");
    }
    return new Floats(values, Arrays.stream(shape).boxed().toList());
  }

  /** The values themselves, not a copy. */
  public float[] values() {
    return values;
  }

  /** The sides, outermost first. */
  public List<Integer> shape() {
    return shape;
  }

  /** Tells the shape only. */
  @Override
  public String toString() {
    return "Floats" + shape;
  }
}
