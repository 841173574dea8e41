package dev.fluxbridge.legacy.picture;

import dev.fluxbridge.legacy.array.Floats;
import java.util.List;

/**
 * {@code torch.nn.functional.interpolate} for float planes, without antialiasing. It takes any
 * values and any number of channels.
 *
 * <p>Safe for use by several threads. Source: ATen, native/UpSample.h (2.7).
 */
public final class Planes {
  private Planes() {}

  /**
   * Mode {@code nearest}: each target pixel is one source pixel.
   *
   * @param planes shape (B, C, H, W)
   * @return shape (B, C, height, width)
   * @throws IllegalArgumentException for another number of sides, or an empty size
   */
  public static Floats nearest(Floats planes, int height, int width) {
    int[] shape = shape(planes, height, width);
    if (shape[2] == height && shape[3] == width) {
      return planes;
    }
    int[] rows = nearest(shape[2], height);
    int[] columns = nearest(shape[3], width);
    float[] from = planes.values();
    float[] to = new float[new Size(width, height).numbers((long) shape[0] * shape[1])];
    int at = 0;
    for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
      for (int row : rows) {
        int start = (plane * shape[2] + row) * shape[3];
        for (int column : columns) {
          to[at++] = from[start + column];
        }
      }
    }
    return Floats.of(to, shape[0], shape[1], height, width);
  }

  /**
   * Mode {@code bilinear} with {@code align_corners=False}: each target pixel mixes four.
   *
   * @param planes shape (B, C, H, W)
   * @return shape (B, C, height, width)
   * @throws IllegalArgumentException for another number of sides, or an empty size
   */
  public static Floats bilinear(Floats planes, int height, int width) {
    int[] shape = shape(planes, height, width);
    if (shape[2] == height && shape[3] == width) {
      return planes;
    }
    Mix rows = new Mix(shape[2], height);
    Mix columns = new Mix(shape[3], width);
    float[] from = planes.values();
    float[] to = new float[new Size(width, height).numbers((long) shape[0] * shape[1])];
    int at = 0;
    for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
      for (int y = 0; y < height; y++) {
        int upper = (plane * shape[2] + rows.first[y]) * shape[3];
        int lower = (plane * shape[2] + rows.second[y]) * shape[3];
        float down = rows.weight[y];
        for (int x = 0; x < width; x++) {
          int left = columns.first[x];
          int right = columns.second[x];
          float across = columns.weight[x];
          float above = (1 - across) * from[upper + left] + across * from[upper + right];
          float below = (1 - across) * from[lower + left] + across * from[lower + right];
          to[at++] = (1 - down) * above + down * below;
        }
      }
    }
    return Floats.of(to, shape[0], shape[1], height, width);
  }

  /** Two source pixels for each target pixel, and the weight of the second. */
  private static final class Mix {
    final int[] first;
    final int[] second;
    final float[] weight;

    Mix(int from, int to) {
      first = new int[to];
      second = new int[to];
      weight = new float[to];
      float scale = (float) from / to;
      for (int i = 0; i < to; i++) {
        float place = Math.max(0, scale * (i + 0.5f) - 0.5f);
        first[i] = Math.min((int) place, from - 1);
        second[i] = Math.min(first[i] + 1, from - 1);
        weight[i] = Math.min(Math.max(place - first[i], 0), 1);
      }
    }
  }

  /** In float as torch has it: its rounding decides which pixel is the nearest. */
  private static int[] nearest(int from, int to) {
    int[] nearest = new int[to];
    float scale = (float) from / to;
    for (int i = 0; i < to; i++) {
      nearest[i] = Math.min((int) (i * scale), from - 1);
    }
    return nearest;
  }

  private static int[] shape(Floats planes, int height, int width) {
    List<Integer> shape = planes.shape();
    if (shape.size() != 4) {
      throw new IllegalArgumentException("planes have the shape (B, C, H, W), not " + shape);
    }
    new Size(width, height);
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }
}
