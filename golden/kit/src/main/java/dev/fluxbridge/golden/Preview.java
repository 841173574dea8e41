package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;

/** A smaller picture to look at, for pages that show many. Stateless. */
final class Preview {
  /** Files up to this size are their own preview, bytes. */
  static final int ENOUGH = 32 * 1024;

  private static final int LONGEST_SIDE = 256;
  private static final double QUALITY = 0.8;

  private Preview() {}

  /** A JPEG file. */
  static byte[] of(Bitmap picture) {
    return Bitmaps.jpeg(smaller(picture), QUALITY);
  }

  /** Each pixel is the mean of a square of pixels; what does not fill one is left out. */
  private static Bitmap smaller(Bitmap picture) {
    int by = (Math.max(picture.width(), picture.height()) + LONGEST_SIDE - 1) / LONGEST_SIDE;
    int width = Math.max(1, picture.width() / by);
    int height = Math.max(1, picture.height() / by);
    if (by == 1 || width * by > picture.width() || height * by > picture.height()) {
      return picture;
    }
    int channels = picture.channels();
    byte[] large = picture.pixels();
    byte[] small = new byte[width * height * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          int sum = 0;
          for (int dy = 0; dy < by; dy++) {
            int at = ((y * by + dy) * picture.width() + x * by) * channels + c;
            for (int dx = 0; dx < by; dx++) {
              sum += large[at + dx * channels] & 0xff;
            }
          }
          small[(y * width + x) * channels + c] = (byte) ((sum + by * by / 2) / (by * by));
        }
      }
    }
    return new Bitmap(width, height, channels, small);
  }
}
