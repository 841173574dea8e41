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
  private final float[] shifted;
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
    this.shifted = new float[width];
    this.row = new float[width];
  }

  /** A new plane; a kernel has an odd number of weights, its middle is where it stands. */
  float[] apply(float[] plane, float[] across, float[] down) {
    for (int y = 0; y < height; y++) {
      across(plane, y * width, across, between[y]);
    }
    float[] filtered = new float[width * height];
    for (int y = 0; y < height; y++) {
      Arrays.fill(row, 0);
      for (int i = 0; i < down.length; i++) {
        add(between[Math.max(0, Math.min(height - 1, y + i - down.length / 2))], down[i], row);
      }
      System.arraycopy(row, 0, filtered, y * width, width);
    }
    return filtered;
  }

  private void across(float[] plane, int start, float[] kernel, float[] to) {
    int radius = kernel.length / 2;
    Arrays.fill(wider, 0, radius, plane[start]);
    System.arraycopy(plane, start, wider, radius, width);
    Arrays.fill(wider, radius + width, 2 * radius + width, plane[start + width - 1]);
    Arrays.fill(to, 0);
    for (int i = 0; i < kernel.length; i++) {
      System.arraycopy(wider, i, shifted, 0, width);
      add(shifted, kernel[i], to);
    }
  }

  private static void add(float[] from, float weight, float[] to) {
    for (int x = 0; x < to.length; x++) {
      to[x] += weight * from[x];
    }
  }
}
