package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FreeU: the old {@code free_lunch_utils}. It changed the skip connections of UNets, which FLUX
 * does not have: in Python these functions failed on a FLUX pipeline. Here they change nothing and
 * say so once, so that callers who went through them for every model still run.
 *
 * <p>{@link #fourierFilter} is the old filter itself. Stateless but for that one warning, safe for
 * use by several threads.
 *
 * <p>Source: Pallaidium 141a55fb, free_lunch_utils.py.
 */
public final class FreeLunchUtils {
  private static final Logger log = LoggerFactory.getLogger(FreeLunchUtils.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private FreeLunchUtils() {}

  /** Whether an object is of a class of that simple name, or of one that extends it. */
  public static boolean isinstanceStr(Object x, String clsName) {
    for (Class<?> type = x.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getSimpleName().equals(clsName)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Scales the low frequencies of pictures.
   *
   * @param xIn shape (B, C, H, W)
   * @param threshold half the side of the square of frequencies that is scaled
   * @param scale what those are multiplied by
   * @return the same shape
   * @throws IllegalArgumentException for another shape
   */
  public static Tensor fourierFilter(Tensor xIn, int threshold, double scale) {
    List<Integer> shape = xIn.shape();
    if (shape.size() != 4) {
      throw new IllegalArgumentException("pictures have the shape (B, C, H, W), not " + shape);
    }
    int height = shape.get(2);
    int width = shape.get(3);
    float[] from = xIn.values();
    double[] to = new double[from.length];
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
    int[] rows = scaled(height, threshold);
    int[] columns = scaled(width, threshold);
    for (int plane = 0; plane < from.length; plane += height * width) {
      for (int row = rows[0]; row < rows[1]; row++) {
        for (int column = columns[0]; column < columns[1]; column++) {
          addWave(from, to, plane, height, width, row - height / 2, column - width / 2, scale - 1);
        }
      }
    }
    float[] values = new float[to.length];
    for (int i = 0; i < to.length; i++) {
      values[i] = (float) to[i];
    }
    return Tensor.of(values, shape.stream().mapToInt(Integer::intValue).toArray());
  }

  /** As Python slices {@code middle - threshold : middle + threshold}. */
  private static int[] scaled(int side, int threshold) {
    int start = side / 2 - threshold;
    int from = start < 0 ? Math.max(0, start + side) : start;
    return new int[] {from, Math.min(side, side / 2 + threshold)};
  }

  /** Adds one frequency of a plane to it once more, that many times. */
  private static void addWave(
      float[] from,
      double[] to,
      int plane,
      int height,
      int width,
      int down,
      int right,
      double times) {
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < height * width; i++) {
      double angle = angle(i, height, width, down, right);
      real += from[plane + i] * Math.cos(angle);
      imaginary -= from[plane + i] * Math.sin(angle);
    }
    for (int i = 0; i < height * width; i++) {
      double angle = angle(i, height, width, down, right);
      to[plane + i] +=
          times * (real * Math.cos(angle) - imaginary * Math.sin(angle)) / (height * width);
    }
  }

  private static double angle(int pixel, int height, int width, int down, int right) {
    int y = pixel / width;
    int x = pixel % width;
    return 2 * Math.PI * ((double) down * y / height + (double) right * x / width);
  }

  /** Changes nothing. */
  public static void registerUpblock2d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeUpblock2d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeUpblock2d(
      DiffusionPipeline<?> model, double b1, double b2, double s1, double s2) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerCrossattnUpblock2d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeCrossattnUpblock2d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeCrossattnUpblock2d(
      DiffusionPipeline<?> model, double b1, double b2, double s1, double s2) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerUpblock3d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeUpblock3d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeUpblock3d(
      DiffusionPipeline<?> model, double b1, double b2, double s1, double s2) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerCrossattnUpblock3d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeCrossattnUpblock3d(DiffusionPipeline<?> model) {
    warn(model);
  }

  /** Changes nothing. */
  public static void registerFreeCrossattnUpblock3d(
      DiffusionPipeline<?> model, double b1, double b2, double s1, double s2) {
    warn(model);
  }

  private static void warn(DiffusionPipeline<?> model) {
    if (WARNED.compareAndSet(false, true)) {
      log.warn("FreeU has no effect on {}: it changes UNets, and FLUX has none", model);
    }
  }
}
