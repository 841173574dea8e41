package dev.fluxbridge.golden.metrics;

import java.util.Arrays;

/**
 * Filters planes of one size, first across and then down; beyond its borders a plane goes on with
 * its outermost pixels. Not safe for use by several threads.
 */
final class Filter {
  private final int width;
  private final int height;
  private final float[] between;
  private final float[] row;

  /**
   * For planes of shape (H, W).
   *
   * @param radius of the longest kernel
   */
  Filter(int width, int height, int radius) {
    this.width = width;
    this.height = height;
    this.between = new float[width * height];
    this.row = new float[width + 2 * radius];
  }

  /** A new plane; a kernel has an odd number of weights, its middle is where it stands. */
  float[] apply(float[] plane, float[] across, float[] down) {
    Arrays.fill(between, 0);
    for (int y = 0; y < height; y++) {
      across(plane, across, y * width);
    }
    float[] filtered = new float[width * height];
    for (int y = 0; y < height; y++) {
      down(down, y, filtered);
    }
    return filtered;
  }

  private void across(float[] plane, float[] kernel, int start) {
    int radius = kernel.length / 2;
    Arrays.fill(row, 0, radius, plane[start]);
    System.arraycopy(plane, start, row, radius, width);
    Arrays.fill(row, radius + width, 2 * radius + width, plane[start + width - 1]);
    for (int i = 0; i < kernel.length; i++) {
      add(row, i, kernel[i], between, start);
    }
  }

  private void down(float[] kernel, int y, float[] to) {
    int radius = kernel.length / 2;
    for (int i = 0; i < kernel.length; i++) {
      int from = Math.max(0, Math.min(height - 1, y + i - radius));
      add(between, from * width, kernel[i], to, y * width);
    }
  }

  private void add(float[] from, int fromStart, float weight, float[] to, int toStart) {
    for (int x = 0; x < width; x++) {
      to[toStart + x] += weight * from[fromStart + x];
    }
  }
}
