package dev.fluxbridge.golden.metrics;

import java.util.Arrays;

/**
 * Filters planes of one size, first across and then down; beyond its borders a plane goes on with
 * its outermost pixels. Not safe for use by several threads.
 *
 * <p>Its loops are as small as those of {@link StructureRow}, for the same reason.
 */
final class Filter {
  private final int width;
  private final int height;
  private final float[][] between;
  private final float[] wider;
  private final float[][] shifted;
  private final float[] row;

  /**
   * For planes of shape (H, W).
   *
   * @param radius of the longest kernel
   */
  Filter(int width, int height, int radius) {
    this.width = width;
    this.height = height;
    this.between = new float[height][width];
    this.wider = new float[width + 2 * radius];
    this.shifted = new float[4][width];
    this.row = new float[width];
  }

  /** A new plane; a kernel has an odd number of weights, its middle is where it stands. */
  float[] apply(float[] plane, float[] across, float[] down) {
    for (int y = 0; y < height; y++) {
      across(plane, y * width, across, between[y]);
    }
    float[] filtered = new float[width * height];
    for (int y = 0; y < height; y++) {
      int top = y - down.length / 2;
      Arrays.fill(row, 0);
      int i = 0;
      for (; i + 4 <= down.length; i += 4) {
        add(at(top + i), at(top + i + 1), at(top + i + 2), at(top + i + 3), down, i, row);
      }
      for (; i < down.length; i++) {
        add(at(top + i), down[i], row);
      }
      System.arraycopy(row, 0, filtered, y * width, width);
    }
    return filtered;
  }

  private float[] at(int y) {
    return between[Math.max(0, Math.min(height - 1, y))];
  }

  private void across(float[] plane, int start, float[] kernel, float[] to) {
    int radius = kernel.length / 2;
    Arrays.fill(wider, 0, radius, plane[start]);
    System.arraycopy(plane, start, wider, radius, width);
    Arrays.fill(wider, radius + width, 2 * radius + width, plane[start + width - 1]);
    Arrays.fill(to, 0);
    int i = 0;
    for (; i + 4 <= kernel.length; i += 4) {
      add(shifted(0, i), shifted(1, i + 1), shifted(2, i + 2), shifted(3, i + 3), kernel, i, to);
    }
    for (; i < kernel.length; i++) {
      add(shifted(0, i), kernel[i], to);
    }
  }

  private float[] shifted(int which, int by) {
    System.arraycopy(wider, by, shifted[which], 0, width);
    return shifted[which];
  }

  /** Four at once, as each of them reads and writes the row. */
  private static void add(
      float[] a, float[] b, float[] c, float[] d, float[] weights, int first, float[] to) {
    float ofA = weights[first];
    float ofB = weights[first + 1];
    float ofC = weights[first + 2];
    float ofD = weights[first + 3];
    for (int x = 0; x < to.length; x++) {
      to[x] += ofA * a[x] + ofB * b[x] + ofC * c[x] + ofD * d[x];
    }
  }

  private static void add(float[] from, float weight, float[] to) {
    for (int x = 0; x < to.length; x++) {
      to[x] += weight * from[x];
    }
  }
}
