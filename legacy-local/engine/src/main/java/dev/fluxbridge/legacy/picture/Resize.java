package dev.fluxbridge.legacy.picture;

import java.util.Arrays;

/**
 * {@code PIL.Image.resize}, bit for bit: along the rows, then along the columns, with bytes in
 * between; a picture that loses much of its height goes the other way round.
 *
 * <p>Source: Pillow 13.0.0. Up to Pillow 12 all pictures went along the rows first, which gives
 * other last bits for some.
 */
final class Resize {
  private static final int HALF = 1 << (Taps.BITS - 1);

  private Resize() {}

  static Bitmap whole(Bitmap picture, Size size, Filter filter) {
    return part(picture, new int[] {0, 0, picture.width(), picture.height()}, size, filter);
  }

  /**
   * What the filter reads around a horizontal line without height, drawn wide: row {@code y} is
   * where the line lies.
   */
  static Bitmap row(Bitmap picture, int y, Size size, Filter filter) {
    return part(picture, new int[] {0, y, picture.width(), y}, size, filter);
  }

  /** The same for a vertical line. */
  static Bitmap column(Bitmap picture, int x, Size size, Filter filter) {
    return part(picture, new int[] {x, 0, x, picture.height()}, size, filter);
  }

  /**
   * Resizes a part of a picture.
   *
   * @param box left, top, right, bottom
   */
  private static Bitmap part(Bitmap picture, int[] box, Size size, Filter filter) {
    boolean across = size.width() != picture.width() || box[0] != 0 || box[2] != picture.width();
    boolean down = size.height() != picture.height() || box[1] != 0 || box[3] != picture.height();
    if (!across && !down) {
      return picture;
    }
    if (picture.channels() == 4) {
      // Transparent pixels must not bleed their hidden colour into visible neighbours.
      Bitmap resized = bands(Colours.premultiplied(picture), box, size, filter, across, down);
      return Colours.unmultiplied(resized);
    }
    return bands(picture, box, size, filter, across, down);
  }

  /** The result is rounded between the two passes, so their order shows in the last bits. */
  private static Bitmap bands(
      Bitmap picture, int[] box, Size size, Filter filter, boolean across, boolean down) {
    Taps columns = Taps.of(picture.width(), box[0], box[2], size.width(), filter);
    Taps rows = Taps.of(picture.height(), box[1], box[3], size.height(), filter);
    if (!down) {
      return across(picture, columns, 0, picture.height());
    }
    if (!across) {
      return down(picture, rows);
    }
    int shorter = picture.height() - size.height();
    int narrower = picture.width() - size.width();
    if (shorter > 0 && shorter > 2 * narrower) {
      return across(down(picture, rows), columns, 0, size.height());
    }
    int last = size.height() - 1;
    return down(across(picture, columns, rows.first[0], rows.first[last] + rows.count[last]), rows);
  }

  /** Only rows from {@code begin} to {@code end} are read, and the others stay black. */
  private static Bitmap across(Bitmap from, Taps taps, int begin, int end) {
    int channels = from.channels();
    Bitmap to = Bitmap.black(new Size(taps.first.length, from.height()), channels);
    int[] row = new int[from.width() * channels];
    byte[] pixels = from.pixels();
    for (int y = begin; y < end; y++) {
      int source = y * row.length;
      for (int i = 0; i < row.length; i++) {
        row[i] = pixels[source + i] & 0xff;
      }
      int target = y * to.width() * channels;
      if (channels == 3) {
        acrossRgb(row, to.pixels(), target, taps);
      } else {
        acrossAny(row, to.pixels(), target, taps, channels);
      }
    }
    return to;
  }

  /** Three sums in one run over the weights: colour pictures are the common case. */
  private static void acrossRgb(int[] row, byte[] to, int target, Taps taps) {
    int[] weights = taps.weights;
    int out = target;
    for (int x = 0; x < taps.first.length; x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = taps.first[x] * 3;
      int tap = x * taps.stride;
      int end = tap + taps.count[x];
      for (; tap < end; tap++) {
        int weight = weights[tap];
        red += row[at] * weight;
        green += row[at + 1] * weight;
        blue += row[at + 2] * weight;
        at += 3;
      }
      to[out] = clipped(red);
      to[out + 1] = clipped(green);
      to[out + 2] = clipped(blue);
      out += 3;
    }
  }

  private static void acrossAny(int[] row, byte[] to, int target, Taps taps, int channels) {
    int[] weights = taps.weights;
    for (int x = 0; x < taps.first.length; x++) {
      int tap = x * taps.stride;
      for (int c = 0; c < channels; c++) {
        int sum = HALF;
        int at = taps.first[x] * channels + c;
        for (int i = 0; i < taps.count[x]; i++) {
          sum += row[at] * weights[tap + i];
          at += channels;
        }
        to[target + x * channels + c] = clipped(sum);
      }
    }
  }

  private static Bitmap down(Bitmap from, Taps taps) {
    Bitmap to = Bitmap.black(new Size(from.width(), taps.first.length), from.channels());
    int length = from.width() * from.channels();
    byte[] target = to.pixels();
    int[] sums = new int[length];
    for (int y = 0; y < to.height(); y++) {
      Arrays.fill(sums, HALF);
      for (int i = 0; i < taps.count[y]; i++) {
        add(sums, from.pixels(), (taps.first[y] + i) * length, taps.weights[y * taps.stride + i]);
      }
      clip(sums, target, y * length);
    }
    return to;
  }

  /** A loop of its own, so that it is compiled to vector instructions. */
  private static void add(int[] sums, byte[] source, int start, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (source[start + i] & 0xff) * weight;
    }
  }

  private static void clip(int[] sums, byte[] target, int start) {
    for (int i = 0; i < sums.length; i++) {
      target[start + i] = clipped(sums[i]);
    }
  }

  private static byte clipped(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> Taps.BITS));
  }
}
