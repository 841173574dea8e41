package dev.fluxbridge.providers;

import java.util.Arrays;

/**
 * Makes pictures larger or smaller as the old image processors did: bitmaps with Pillow's Lanczos
 * or bicubic filter, bit for bit, and what came as numbers by its nearest pixels. Stateless and
 * safe for use by several threads.
 *
 * <p>Source: Pillow 13.0.0, src/libImaging/Resample.c: weights with 22 bits behind the point, bytes
 * between the two passes, and rows first unless the picture loses much of its height. Up to Pillow
 * 12 rows always went first, which gives other last bits for some.
 */
public final class Resampling {
  private static final int BITS = 22;
  private static final int HALF = 1 << (BITS - 1);
  private static final double LANCZOS = 3;
  private static final double BICUBIC = 2;

  private Resampling() {}

  /**
   * The picture in another size; the same object if it has that size. Transparency is resized like
   * a colour.
   *
   * @param width columns, at least 1
   * @param height rows, at least 1
   */
  public static Bitmap resize(Bitmap picture, int width, int height) {
    return resize(picture, width, height, LANCZOS);
  }

  /** The same with the bicubic filter, which CLIP's image processor takes. */
  public static Bitmap bicubic(Bitmap picture, int width, int height) {
    return resize(picture, width, height, BICUBIC);
  }

  private static Bitmap resize(Bitmap picture, int width, int height, double support) {
    boolean across = width != picture.width();
    boolean down = height != picture.height();
    if (!across && !down) {
      return picture;
    }
    Taps columns = Taps.of(picture.width(), width, support);
    Taps rows = Taps.of(picture.height(), height, support);
    if (!down) {
      return across(picture, columns);
    }
    if (!across) {
      return down(picture, rows);
    }
    int shorter = picture.height() - height;
    int narrower = picture.width() - width;
    return shorter > 0 && shorter > 2 * narrower
        ? across(down(picture, rows), columns)
        : down(across(picture, columns), rows);
  }

  /** Another size by the nearest pixels, as torch's interpolate takes them. */
  public static Bitmap nearest(Bitmap picture, int width, int height) {
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    int channels = picture.channels();
    byte[] to = new byte[width * height * channels];
    float across = (float) picture.width() / width;
    float down = (float) picture.height() / height;
    for (int y = 0; y < height; y++) {
      int row = Math.min((int) (y * down), picture.height() - 1);
      for (int x = 0; x < width; x++) {
        int column = Math.min((int) (x * across), picture.width() - 1);
        int from = (row * picture.width() + column) * channels;
        System.arraycopy(picture.pixels(), from, to, (y * width + x) * channels, channels);
      }
    }
    return new Bitmap(width, height, channels, to);
  }

  private static Bitmap across(Bitmap from, Taps taps) {
    int channels = from.channels();
    int width = taps.first.length;
    byte[] pixels = from.pixels();
    byte[] to = new byte[width * from.height() * channels];
    int out = 0;
    for (int y = 0; y < from.height(); y++) {
      int row = y * from.width() * channels;
      for (int x = 0; x < width; x++) {
        int start = row + taps.first[x] * channels;
        if (channels == 3) {
          colour(pixels, start, taps, x, to, out);
        } else {
          channels(pixels, start, channels, taps, x, to, out);
        }
        out += channels;
      }
    }
    return new Bitmap(width, from.height(), channels, to);
  }

  private static void channels(
      byte[] pixels, int start, int channels, Taps taps, int x, byte[] to, int out) {
    for (int c = 0; c < channels; c++) {
      int sum = HALF;
      int at = start + c;
      for (int i = 0; i < taps.count[x]; i++) {
        sum += (pixels[at] & 0xff) * taps.weights[x * taps.stride + i];
        at += channels;
      }
      to[out + c] = clipped(sum);
    }
  }

  /** The same for three channels in one walk, which takes half of the time. */
  private static void colour(byte[] pixels, int start, Taps taps, int x, byte[] to, int out) {
    int red = HALF;
    int green = HALF;
    int blue = HALF;
    int at = start;
    for (int i = 0; i < taps.count[x]; i++) {
      int weight = taps.weights[x * taps.stride + i];
      red += (pixels[at] & 0xff) * weight;
      green += (pixels[at + 1] & 0xff) * weight;
      blue += (pixels[at + 2] & 0xff) * weight;
      at += 3;
    }
    to[out] = clipped(red);
    to[out + 1] = clipped(green);
    to[out + 2] = clipped(blue);
  }

  private static Bitmap down(Bitmap from, Taps taps) {
    int length = from.width() * from.channels();
    int height = taps.first.length;
    byte[] pixels = from.pixels();
    byte[] to = new byte[height * length];
    int[] sums = new int[length];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int i = 0; i < taps.count[y]; i++) {
        int weight = taps.weights[y * taps.stride + i];
        int row = (taps.first[y] + i) * length;
        for (int x = 0; x < length; x++) {
          sums[x] += (pixels[row + x] & 0xff) * weight;
        }
      }
      for (int x = 0; x < length; x++) {
        to[y * length + x] = clipped(sums[x]);
      }
    }
    return new Bitmap(from.width(), height, from.channels(), to);
  }

  private static byte clipped(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> BITS));
  }

  /** Which pixels of a line go into each pixel of the resized one, and with which weights. */
  private static final class Taps {
    private static final double CUBIC = -0.5;

    final int[] first;
    final int[] count;
    final int[] weights;
    final int stride;

    private Taps(int targets, int stride) {
      this.first = new int[targets];
      this.count = new int[targets];
      this.weights = new int[Math.multiplyExact(targets, stride)];
      this.stride = stride;
    }

    static Taps of(int sources, int targets, double filter) {
      double scale = (double) sources / targets;
      double reach = Math.max(scale, 1);
      double support = filter * reach;
      Taps taps = new Taps(targets, (int) Math.ceil(support) * 2 + 1);
      double[] exact = new double[taps.stride];
      for (int target = 0; target < targets; target++) {
        double centre = (target + 0.5) * scale;
        int begin = Math.max((int) (centre - support + 0.5), 0);
        int count = Math.min((int) (centre + support + 0.5), sources) - begin;
        double sum = 0;
        for (int i = 0; i < count; i++) {
          double x = (i + begin - centre + 0.5) * (1 / reach);
          exact[i] = filter == LANCZOS ? lanczos(x) : cubic(Math.abs(x));
          sum += exact[i];
        }
        for (int i = 0; i < count; i++) {
          double weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << BITS);
          taps.weights[target * taps.stride + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
        }
        taps.first[target] = begin;
        taps.count[target] = count;
      }
      return taps;
    }

    private static double lanczos(double x) {
      return -LANCZOS <= x && x < LANCZOS ? sinc(x) * sinc(x / LANCZOS) : 0;
    }

    private static double cubic(double x) {
      if (x < 1) {
        return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
      }
      return x < BICUBIC ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
    }

    private static double sinc(double x) {
      return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
  }
}
