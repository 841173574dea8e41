package dev.fluxbridge.golden.metrics;

/** How well what was drawn lies upon what was to be drawn. Stateless. */
final class Overlap {
  /** Pixels, across and down, by which an edge may be off. */
  private static final int TOLERANCE = 2;

  private Overlap() {}

  /**
   * The harmonic mean of both shares of edges with one of the other picture near by, 0 to 1; 1 if
   * neither has any.
   */
  static double ofEdges(Side a, Side b) {
    boolean[] x = Edges.of(a);
    boolean[] y = Edges.of(b);
    long inX = count(x);
    long inY = count(y);
    if (inX == 0 || inY == 0) {
      return inX == inY ? 1 : 0;
    }
    double ofX = (double) common(x, near(y, a.width(), a.height())) / inX;
    double ofY = (double) common(y, near(x, a.width(), a.height())) / inY;
    return ofX + ofY == 0 ? 0 : 2 * ofX * ofY / (ofX + ofY);
  }

  /** The cosine between their orientations, 0 to 1; 1 if neither has any slope. */
  static double ofOrientations(Side a, Side b) {
    double[] x = Orientations.of(a);
    double[] y = Orientations.of(b);
    double dot = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      dot += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }
    if (xx == 0 || yy == 0) {
      return xx == yy ? 1 : 0;
    }
    // The root of a square is exact, so a picture scores 1 against itself.
    return Math.min(1, dot / Math.sqrt(xx * yy));
  }

  private static long count(boolean[] edges) {
    return common(edges, edges);
  }

  private static long common(boolean[] edges, boolean[] near) {
    long count = 0;
    for (int i = 0; i < edges.length; i++) {
      count += edges[i] && near[i] ? 1 : 0;
    }
    return count;
  }

  private static boolean[] near(boolean[] edges, int width, int height) {
    boolean[] near = new boolean[edges.length];
    for (int i = 0; i < edges.length; i++) {
      if (edges[i]) {
        int left = Math.max(0, i % width - TOLERANCE);
        int right = Math.min(width - 1, i % width + TOLERANCE);
        int bottom = Math.min(height - 1, i / width + TOLERANCE);
        for (int y = Math.max(0, i / width - TOLERANCE); y <= bottom; y++) {
          for (int x = left; x <= right; x++) {
            near[y * width + x] = true;
          }
        }
      }
    }
    return near;
  }
}
