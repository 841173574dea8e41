package dev.fluxbridge.golden.metrics;

/**
 * Which way the slopes of a grey picture run, cell by cell (histograms of oriented gradients).
 * Stateless.
 *
 * <p>Source: Dalal and Triggs 2005; as scikit-image 0.26.0, {@code hog} with {@code orientations=9,
 * pixels_per_cell=(16, 16), cells_per_block=(2, 2)} and {@code block_norm="L2-Hys"}.
 */
final class Orientations {
  /** Pixels that make one block, across and down. */
  static final int BLOCK = 32;

  private static final int CELL = 16;
  private static final int ANGLES = 9;
  private static final int RUNS = 511;
  private static final byte[] PARTS = parts();
  private static final double MOST = 0.2;
  private static final double NOTHING = 1e-5;

  private Orientations() {}

  /** Four histograms of each block, one block after the other. */
  static double[] of(Side side) {
    int across = side.width() / CELL;
    int down = side.height() / CELL;
    double[] cells = cells(side, across, down);
    double[] blocks = new double[(across - 1) * (down - 1) * 4 * ANGLES];
    double[] block = new double[4 * ANGLES];
    int at = 0;
    for (int y = 0; y < down - 1; y++) {
      for (int x = 0; x < across - 1; x++) {
        int first = (y * across + x) * ANGLES;
        System.arraycopy(cells, first, block, 0, 2 * ANGLES);
        System.arraycopy(cells, first + across * ANGLES, block, 2 * ANGLES, 2 * ANGLES);
        norm(block);
        for (int i = 0; i < block.length; i++) {
          block[i] = Math.min(block[i], MOST);
        }
        norm(block);
        System.arraycopy(block, 0, blocks, at, block.length);
        at += block.length;
      }
    }
    return blocks;
  }

  private static double[] cells(Side side, int across, int down) {
    byte[] grey = side.grey().pixels();
    int width = side.width();
    double[] cells = new double[across * down * ANGLES];
    for (int y = 0; y < down * CELL; y++) {
      for (int x = 0; x < across * CELL; x++) {
        int i = y * width + x;
        boolean topOrBottom = y == 0 || y == side.height() - 1;
        boolean leftOrRight = x == 0 || x == width - 1;
        int rise = topOrBottom ? 0 : (grey[i + width] & 0xff) - (grey[i - width] & 0xff);
        int run = leftOrRight ? 0 : (grey[i + 1] & 0xff) - (grey[i - 1] & 0xff);
        if (rise != 0 || run != 0) {
          int cell = (y / CELL * across + x / CELL) * ANGLES;
          double slope = Math.sqrt(rise * rise + run * run) / 255;
          cells[cell + angle(rise, run)] += slope / (CELL * CELL);
        }
      }
    }
    return cells;
  }

  /** As a line has no direction, its rise can be taken for positive. */
  private static int angle(int rise, int run) {
    boolean backwards = rise < 0 || (rise == 0 && run < 0);
    return backwards ? PARTS[-rise * RUNS + 255 - run] : PARTS[rise * RUNS + 255 + run];
  }

  /** Half a turn in nine parts, by rise (0 to 255) and run (-255 to 255). */
  private static byte[] parts() {
    byte[] parts = new byte[256 * RUNS];
    for (int rise = 0; rise < 256; rise++) {
      for (int run = -255; run < 256; run++) {
        double degrees = Math.toDegrees(Math.atan2(rise, run));
        parts[rise * RUNS + 255 + run] = (byte) (degrees % 180 * ANGLES / 180);
      }
    }
    return parts;
  }

  private static void norm(double[] block) {
    double squares = NOTHING * NOTHING;
    for (double value : block) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < block.length; i++) {
      block[i] /= length;
    }
  }
}
