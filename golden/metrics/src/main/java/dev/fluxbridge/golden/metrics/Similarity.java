package dev.fluxbridge.golden.metrics;

/**
 * Structural similarity of two pictures, at one size and at several.
 *
 * @param single mean over the channels at full size, -1 to 1
 * @param multiple over five sizes, 0 to 1; no number where that was not asked for
 */
record Similarity(double single, double multiple) {
  /** Source: Wang, Simoncelli and Bovik 2003, from the largest picture to the smallest. */
  private static final double[] SCALES = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

  static Similarity of(Side a, Side b, boolean atAllScales) {
    double single = 0;
    double multiple = 0;
    for (int channel = 0; channel < a.channels(); channel++) {
      Planes planes = Planes.of(a, b, channel);
      Structure.Means means = Structure.compare(planes, null);
      single += means.similarity() / a.channels();
      multiple += (atAllScales ? overScales(planes, means) : Double.NaN) / a.channels();
    }
    return new Similarity(single, multiple);
  }

  /** Of shape (H, W): the mean of the channels; up to the border the outermost windows count. */
  static float[] map(Side a, Side b) {
    int across = a.width() - Structure.WINDOW + 1;
    int down = a.height() - Structure.WINDOW + 1;
    float[] windows = new float[across * down];
    float[] map = new float[a.width() * a.height()];
    for (int channel = 0; channel < a.channels(); channel++) {
      Structure.compare(Planes.of(a, b, channel), windows);
      for (int i = 0; i < map.length; i++) {
        int x = within(i % a.width(), across);
        int y = within(i / a.width(), down);
        map[i] += windows[y * across + x] / a.channels();
      }
    }
    return map;
  }

  private static int within(int at, int windows) {
    return Math.max(0, Math.min(windows - 1, at - Structure.WINDOW / 2));
  }

  private static double overScales(Planes largest, Structure.Means atLargest) {
    Planes planes = largest;
    Structure.Means means = atLargest;
    double product = 1;
    int last = SCALES.length - 1;
    for (int scale = 0; scale < last; scale++) {
      product *= Math.pow(Math.max(0, means.contrast()), SCALES[scale]);
      planes = planes.halved();
      means = Structure.compare(planes, null);
    }
    return product * Math.pow(Math.max(0, means.similarity()), SCALES[last]);
  }
}
