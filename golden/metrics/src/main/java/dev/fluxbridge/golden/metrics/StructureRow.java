package dev.fluxbridge.golden.metrics;

/**
 * The windows of one row: their pixels are weighted first down and then across; see {@link
 * Structure}. Not safe for use by several threads.
 *
 * <p>Its loops are small and walk all their arrays at one index, rows are copied where they are
 * needed some pixels on, and a plane is an array of rows: only such loops does the JIT of Java 17
 * turn into vector instructions.
 */
final class StructureRow {
  static final int WINDOW = 11;

  private static final double SIGMA = 1.5;
  private static final int MIDDLE = WINDOW / 2;
  private static final float[] WEIGHTS = weights();

  // K1 = 0.01, K2 = 0.03, for a data range of 1.
  private static final float C1 = 0.01f * 0.01f;
  private static final float C2 = 0.03f * 0.03f;

  private final float[] values;
  private final float[] squares;
  private final float[] left;
  private final float[] right;
  private final float[] sum;
  private final float[] sumSquares;
  private final float[] difference;
  private final float[] differenceSquares;
  private final float[] similarity;
  private final float[] contrast;

  /** For so many windows across. */
  StructureRow(int windows) {
    this.values = new float[windows + WINDOW - 1];
    this.squares = new float[windows + WINDOW - 1];
    this.left = new float[windows];
    this.right = new float[windows];
    this.sum = new float[windows];
    this.sumSquares = new float[windows];
    this.difference = new float[windows];
    this.differenceSquares = new float[windows];
    this.similarity = new float[windows];
    this.contrast = new float[windows];
  }

  /** Of the windows that were scored last. */
  float[] similarity() {
    return similarity;
  }

  /** Of the windows that were scored last. */
  float[] contrast() {
    return contrast;
  }

  /** Scores the windows whose uppermost row is y. */
  void score(Planes planes, int y) {
    down(planes.sum(), y);
    across(values, sum);
    across(squares, sumSquares);
    down(planes.difference(), y);
    across(values, difference);
    across(squares, differenceSquares);

    toVariances(sumSquares, sum);
    toVariances(differenceSquares, difference);
    for (int x = 0; x < contrast.length; x++) {
      contrast[x] = 1 - differenceSquares[x] / (0.5f * (sumSquares[x] + differenceSquares[x]) + C2);
    }
    squareMeans();
    for (int x = 0; x < similarity.length; x++) {
      similarity[x] = contrast[x] * (1 - difference[x] / (0.5f * (sum[x] + difference[x]) + C1));
    }
  }

  /** Weighted values and weighted squares. */
  private void down(float[][] plane, int y) {
    weigh(plane[y + MIDDLE], WEIGHTS[MIDDLE], values, squares);
    for (int i = 0; i < MIDDLE; i++) {
      add(plane[y + i], plane[y + WINDOW - 1 - i], WEIGHTS[i], values, squares);
    }
  }

  private static void weigh(float[] row, float weight, float[] values, float[] squares) {
    for (int x = 0; x < values.length; x++) {
      values[x] = weight * row[x];
      squares[x] = weight * row[x] * row[x];
    }
  }

  private static void add(
      float[] above, float[] below, float weight, float[] values, float[] squares) {
    for (int x = 0; x < values.length; x++) {
      values[x] += weight * (above[x] + below[x]);
      squares[x] += weight * (above[x] * above[x] + below[x] * below[x]);
    }
  }

  private void across(float[] from, float[] to) {
    System.arraycopy(from, MIDDLE, left, 0, left.length);
    weigh(left, WEIGHTS[MIDDLE], to);
    for (int i = 0; i < MIDDLE; i++) {
      System.arraycopy(from, i, left, 0, left.length);
      System.arraycopy(from, WINDOW - 1 - i, right, 0, right.length);
      add(left, right, WEIGHTS[i], to);
    }
  }

  private static void weigh(float[] row, float weight, float[] to) {
    for (int x = 0; x < to.length; x++) {
      to[x] = weight * row[x];
    }
  }

  private static void add(float[] left, float[] right, float weight, float[] to) {
    for (int x = 0; x < to.length; x++) {
      to[x] += weight * (left[x] + right[x]);
    }
  }

  private static void toVariances(float[] squares, float[] means) {
    for (int x = 0; x < squares.length; x++) {
      squares[x] -= means[x] * means[x];
    }
  }

  /** The sum gets back what {@link Planes} took off. */
  private void squareMeans() {
    for (int x = 0; x < sum.length; x++) {
      sum[x] = (sum[x] + 1) * (sum[x] + 1);
    }
    for (int x = 0; x < difference.length; x++) {
      difference[x] *= difference[x];
    }
  }

  private static float[] weights() {
    double[] exact = new double[WINDOW];
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      exact[i] = Math.exp(-(i - MIDDLE) * (i - MIDDLE) / (2 * SIGMA * SIGMA));
      sum += exact[i];
    }
    float[] weights = new float[MIDDLE + 1];
    for (int i = 0; i <= MIDDLE; i++) {
      weights[i] = (float) (exact[i] / sum);
    }
    return weights;
  }
}
