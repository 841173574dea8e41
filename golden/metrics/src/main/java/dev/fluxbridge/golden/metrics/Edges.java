package dev.fluxbridge.golden.metrics;

/**
 * Canny's edges of a grey picture. Stateless.
 *
 * <p>Source: Canny 1986; as scikit-image 0.26.0, {@code canny} with {@code mode="nearest"}: its
 * limits, its sigma of 1, and its order of sums, as an edge that misses a limit by its last digit
 * is none.
 */
final class Edges {
  private static final double LOW = 0.1f;
  private static final double HIGH = 0.2;
  private static final double[] BELL = bell();

  private final int width;
  private final int height;

  private Edges(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** Of shape (H, W): true where an edge is; the outermost pixels have none. */
  static boolean[] of(Side side) {
    byte[] pixels = side.grey().pixels();
    double[] grey = new double[pixels.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (pixels[i] & 0xff) / 255.0;
    }
    return new Edges(side.width(), side.height()).find(grey);
  }

  private boolean[] find(double[] grey) {
    double[] smooth = smoothedAcross(smoothedDown(grey));
    double[] across = new double[smooth.length];
    double[] down = new double[smooth.length];
    sobel(smooth, across, down);
    return connected(ridges(across, down));
  }

  private double[] smoothedDown(double[] plane) {
    double[] to = new double[plane.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = plane[y * width + x] * BELL[0];
        for (int i = BELL.length - 1; i > 0; i--) {
          double above = plane[Math.max(0, y - i) * width + x];
          double below = plane[Math.min(height - 1, y + i) * width + x];
          sum += (above + below) * BELL[i];
        }
        to[y * width + x] = sum;
      }
    }
    return to;
  }

  private double[] smoothedAcross(double[] plane) {
    double[] to = new double[plane.length];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      for (int x = 0; x < width; x++) {
        double sum = plane[row + x] * BELL[0];
        for (int i = BELL.length - 1; i > 0; i--) {
          double left = plane[row + Math.max(0, x - i)];
          double right = plane[row + Math.min(width - 1, x + i)];
          sum += (left + right) * BELL[i];
        }
        to[row + x] = sum;
      }
    }
    return to;
  }

  private void sobel(double[] plane, double[] across, double[] down) {
    for (int y = 0; y < height; y++) {
      int above = Math.max(0, y - 1) * width;
      int here = y * width;
      int below = Math.min(height - 1, y + 1) * width;
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - 1);
        int right = Math.min(width - 1, x + 1);
        across[here + x] =
            (plane[here + right] - plane[here + left]) * 2
                + ((plane[above + right] - plane[above + left])
                    + (plane[below + right] - plane[below + left]));
        down[here + x] =
            (plane[below + x] - plane[above + x]) * 2
                + ((plane[below + left] - plane[above + left])
                    + (plane[below + right] - plane[above + right]));
      }
    }
  }

  /** Slopes that no neighbour across the edge exceeds, and 0 elsewhere. */
  private double[] ridges(double[] across, double[] down) {
    double[] slope = new double[across.length];
    for (int i = 0; i < slope.length; i++) {
      slope[i] = Math.sqrt(down[i] * down[i] + across[i] * across[i]);
    }
    double[] ridges = new double[slope.length];
    for (int y = 1; y < height - 1; y++) {
      for (int i = y * width + 1; i < (y + 1) * width - 1; i++) {
        if (slope[i] >= LOW && isRidge(slope, i, across[i], down[i])) {
          ridges[i] = slope[i];
        }
      }
    }
    return ridges;
  }

  /** The neighbours lie on the line up the slope, each between two pixels. */
  private boolean isRidge(double[] slope, int i, double across, double down) {
    boolean steepDown = Math.abs(down) > Math.abs(across);
    int straight = steepDown ? width : 1;
    int turn = (steepDown ? 1 : width) * (across * down >= 0 ? 1 : -1);
    double share =
        steepDown ? Math.abs(across) / Math.abs(down) : Math.abs(down) / Math.abs(across);
    double one = slope[i + straight + turn] * share + slope[i + straight] * (1 - share);
    double other = slope[i - straight - turn] * share + slope[i - straight] * (1 - share);
    return one <= slope[i] && other <= slope[i];
  }

  /** Ridges that touch one that is steep enough, over any number of others. */
  private boolean[] connected(double[] ridges) {
    boolean[] edges = new boolean[ridges.length];
    int[] stack = new int[ridges.length];
    int depth = 0;
    for (int i = 0; i < ridges.length; i++) {
      if (ridges[i] >= HIGH) {
        edges[i] = true;
        stack[depth++] = i;
      }
    }
    while (depth > 0) {
      int i = stack[--depth];
      // No ridge lies at the border, so its neighbours are inside.
      for (int row = i - width; row <= i + width; row += width) {
        for (int at = row - 1; at <= row + 1; at++) {
          if (ridges[at] > 0 && !edges[at]) {
            edges[at] = true;
            stack[depth++] = at;
          }
        }
      }
    }
    return edges;
  }

  private static double[] bell() {
    double[] half = new double[5];
    double sum = 0;
    for (int i = 0; i < half.length; i++) {
      half[i] = Math.exp(-0.5 * i * i);
      sum += i == 0 ? half[i] : 2 * half[i];
    }
    for (int i = 0; i < half.length; i++) {
      half[i] /= sum;
    }
    return half;
  }
}
