package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Bitmap;

/**
 * Pillow's Gaussian blur, bit for bit: three box blurs in each direction, whose boxes end in a
 * fraction of a pixel. The local engine has the same, and goes away before the facades do.
 *
 * <p>Source: Pillow 13, libImaging/BoxBlur.c, after P. Gwosdek et al., Theoretical Foundations of
 * Gaussian Convolution by Extended Box Filtering (2011).
 */
final class GaussianBlur {
  private static final int PASSES = 3;
  private static final int ONE = 1 << 24;

  private GaussianBlur() {}

  static Bitmap blurred(Bitmap picture, float radius) {
    if (!(radius >= 0) || Float.isInfinite(radius)) {
      throw new IllegalArgumentException("the blur radius must be at least 0 but is " + radius);
    }
    Box box = Box.of(radius);
    if (radius == 0) {
      return picture;
    }
    Bitmap blurred =
        new Bitmap(picture.width(), picture.height(), picture.channels(), picture.pixels().clone());
    int channels = picture.channels();
    int stride = picture.width() * channels;
    for (int y = 0; y < picture.height(); y++) {
      for (int c = 0; c < channels; c++) {
        blur(blurred.pixels(), y * stride + c, channels, picture.width(), box);
      }
    }
    for (int x = 0; x < stride; x++) {
      blur(blurred.pixels(), x, stride, picture.height(), box);
    }
    return blurred;
  }

  /** Blurs {@code count} values, {@code step} bytes apart, in place. */
  private static void blur(byte[] pixels, int start, int step, int count, Box box) {
    int[] line = new int[count];
    for (int i = 0; i < count; i++) {
      line[i] = pixels[start + i * step] & 0xff;
    }
    int[] blurred = new int[count];
    for (int pass = 0; pass < PASSES; pass++) {
      box.slide(line, blurred);
      int[] swap = line;
      line = blurred;
      blurred = swap;
    }
    for (int i = 0; i < count; i++) {
      pixels[start + i * step] = (byte) line[i];
    }
  }

  /**
   * One box.
   *
   * @param radius whole pixels on each side
   * @param weight of each whole pixel, 24 bits behind the point
   * @param edge weight of the two pixels that count in part
   */
  private record Box(int radius, int weight, int edge) {

    /** In float as Pillow has it, since the roundings reach the pixels. */
    static Box of(float deviation) {
      float variance = deviation * deviation / PASSES;
      float length = (float) Math.sqrt(12.0 * variance + 1.0);
      float whole = (float) Math.floor((length - 1.0) / 2.0);
      float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
      part /= 6 * (variance - (whole + 1) * (whole + 1));
      float exact = whole + part;
      int radius = (int) exact;
      int weight = (int) (ONE / (exact * 2 + 1));
      return new Box(radius, weight, (ONE - (radius * 2 + 1) * weight) / 2);
    }

    /** Beyond its ends a line goes on with its end pixels. Sums use all 32 bits, unsigned. */
    void slide(int[] line, int[] to) {
      int last = line.length - 1;
      int sum = line[0] * (radius + 1);
      for (int i = 0; i < radius; i++) {
        sum += line[Math.min(i, last)];
      }
      for (int i = 0; i <= last; i++) {
        int left = line[Math.max(i - radius - 1, 0)];
        sum += line[Math.min(i + radius, last)] - left;
        int right = line[Math.min(i + radius + 1, last)];
        to[i] = (sum * weight + (left + right) * edge + (1 << 23)) >>> 24;
      }
    }
  }
}
