package dev.fluxbridge.golden.metrics;

/**
 * How alike the edges of two pictures are, by the strength of their gradients. Stateless.
 *
 * <p>Source: Xue and others 2013, "Gradient magnitude similarity deviation"; as piq 0.8.0 computes
 * it: luma of YIQ, half the size with zeros behind an odd side, Prewitt's filter with zeros around
 * the picture.
 */
final class Gradients {
  private static final float CONSTANT = 170f / (255f * 255f);
  private static final float RED = 0.299f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private Gradients() {}

  /** The standard deviation of their similarity, 0 (alike everywhere) to 0.5. */
  static double deviation(Side a, Side b) {
    int width = (a.width() + 1) / 2;
    int height = (a.height() + 1) / 2;
    float[] x = strength(halved(a), width, height);
    float[] y = strength(halved(b), width, height);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = (2 * x[i] * y[i] + CONSTANT) / (x[i] * x[i] + y[i] * y[i] + CONSTANT);
      sum += x[i];
    }
    double mean = sum / x.length;
    double squares = 0;
    for (float similarity : x) {
      squares += (similarity - mean) * (similarity - mean);
    }
    return Math.sqrt(squares / x.length);
  }

  /** Luma at half the size, within a frame of zeros that is one pixel wide. */
  private static float[] halved(Side side) {
    float[] luma = luma(side);
    int width = (side.width() + 1) / 2;
    int height = (side.height() + 1) / 2;
    float[] framed = new float[(width + 2) * (height + 2)];
    for (int y = 0; y < side.height(); y++) {
      int to = (y / 2 + 1) * (width + 2) + 1;
      for (int x = 0; x < side.width(); x++) {
        framed[to + x / 2] += luma[y * side.width() + x] / 4;
      }
    }
    return framed;
  }

  private static float[] luma(Side side) {
    float[] luma = side.plane(0);
    if (side.channels() == 1) {
      return luma;
    }
    float[] green = side.plane(1);
    float[] blue = side.plane(2);
    for (int i = 0; i < luma.length; i++) {
      luma[i] = RED * luma[i] + GREEN * green[i] + BLUE * blue[i];
    }
    return luma;
  }

  private static float[] strength(float[] framed, int width, int height) {
    float[] strength = new float[width * height];
    int stride = width + 2;
    for (int y = 0; y < height; y++) {
      int above = y * stride;
      int here = above + stride;
      int below = here + stride;
      for (int x = 0; x < width; x++) {
        float leftUp = framed[above + x];
        float rightUp = framed[above + x + 2];
        float leftDown = framed[below + x];
        float rightDown = framed[below + x + 2];
        float across =
            (rightUp + framed[here + x + 2] + rightDown - leftUp - framed[here + x] - leftDown) / 3;
        float down =
            (leftDown
                    + framed[below + x + 1]
                    + rightDown
                    - leftUp
                    - framed[above + x + 1]
                    - rightUp)
                / 3;
        strength[y * width + x] = (float) Math.sqrt(across * across + down * down);
      }
    }
    return strength;
  }
}
