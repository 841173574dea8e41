package dev.fluxbridge.providers.pixels;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What callers hand over, as bitmaps, prepared as the old pipelines did it. Stateless and safe for
 * use by several threads; it changes no picture, and may return the one it was given.
 *
 * <p>Source: diffusers 0.35.2, image_processor.py; Pillow 13.0.0.
 */
public final class Bitmaps {
  private static final int HALF = 128;

  private Bitmaps() {}

  /**
   * The pictures one by one. Numbers are rounded to 8 bits; where one of them is below 0, they are
   * taken to go from -1 to 1, else from 0 to 1.
   *
   * @throws IllegalArgumentException if numbers have a shape that pictures do not have, or one of
   *     them is no number
   */
  public static List<Bitmap> of(Images images) {
    return images instanceof Images.Values values
        ? pictures(values.tensor(), false)
        : ((Images.Bitmaps) images).bitmaps();
  }

  /**
   * The masks one by one. Numbers go from 0 to 1; three sides are a batch of grey masks.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static List<Bitmap> ofMask(Images images) {
    return images instanceof Images.Values values
        ? pictures(values.tensor(), true)
        : ((Images.Bitmaps) images).bitmaps();
  }

  private static List<Bitmap> pictures(Tensor tensor, boolean mask) {
    List<Integer> shape = tensor.shape();
    int sides = shape.size();
    int height = shape.get(sides - 2);
    int width = shape.get(sides - 1);
    int channels = sides == 4 ? shape.get(1) : sides == 3 && !mask ? shape.get(0) : 1;
    int batch = sides == 4 || (sides == 3 && mask) ? shape.get(0) : 1;
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "pictures as numbers have 1 or 3 channels, but these have the shape " + shape);
    }
    float[] values = tensor.values();
    boolean signed = !mask && anyBelowZero(values);
    List<Bitmap> bitmaps = new ArrayList<>();
    int plane = height * width;
    for (int b = 0; b < batch; b++) {
      byte[] pixels = new byte[plane * channels];
      for (int c = 0; c < channels; c++) {
        int start = (b * channels + c) * plane;
        for (int i = 0; i < plane; i++) {
          pixels[i * channels + c] = toByte(values[start + i], signed);
        }
      }
      bitmaps.add(new Bitmap(width, height, channels, pixels));
    }
    return bitmaps;
  }

  private static boolean anyBelowZero(float[] values) {
    for (float value : values) {
      if (value < 0) {
        return true;
      }
    }
    return false;
  }

  private static byte toByte(float value, boolean signed) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("a picture as numbers holds one that is no number (NaN)");
    }
    float from0To1 = signed ? (value + 1) / 2 : value;
    return (byte) (int) Math.rint(Math.max(0, Math.min(1, from0To1)) * 255f);
  }

  /** Three channels; transparency is left out, not blended. */
  public static Bitmap rgb(Bitmap picture) {
    int had = picture.channels();
    if (had == 3) {
      return picture;
    }
    byte[] from = picture.pixels();
    byte[] to = new byte[picture.width() * picture.height() * 3];
    for (int i = 0, at = 0; i < to.length; i += 3, at += had) {
      to[i] = from[at];
      to[i + 1] = from[had == 1 ? at : at + 1];
      to[i + 2] = from[had == 1 ? at : at + 2];
    }
    return new Bitmap(picture.width(), picture.height(), 3, to);
  }

  /** One channel by the weights of ITU-R 601; transparency is left out. */
  public static Bitmap grey(Bitmap picture) {
    int had = picture.channels();
    if (had == 1) {
      return picture;
    }
    byte[] from = picture.pixels();
    byte[] to = new byte[picture.width() * picture.height()];
    for (int i = 0, at = 0; i < to.length; i++, at += had) {
      int sum = (from[at] & 0xff) * 19595;
      sum += (from[at + 1] & 0xff) * 38470;
      sum += (from[at + 2] & 0xff) * 7471;
      to[i] = (byte) ((sum + 0x8000) >> 16);
    }
    return new Bitmap(picture.width(), picture.height(), 1, to);
  }

  /** White from the middle on, else black. */
  public static Bitmap blackAndWhite(Bitmap picture) {
    byte[] to = grey(picture).pixels().clone();
    for (int i = 0; i < to.length; i++) {
      to[i] = (byte) ((to[i] & 0xff) >= HALF ? 255 : 0);
    }
    return new Bitmap(picture.width(), picture.height(), 1, to);
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
}
