package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a pair, as bytes or as numbers, whichever a metric works on. What it makes of the
 * picture it keeps for the next metric, so it lives no longer than one comparison. Not safe for use
 * by several threads.
 */
final class Side {
  private static final float LEVELS = 255;
  private static final float[] SHARE = levels(value -> value);
  private static final float[] LINEAR = levels(Side::linear);

  private final int width;
  private final int height;
  private final int channels;
  private final @Nullable FloatPicture floats;
  private @Nullable Bitmap bytes;
  private @Nullable Bitmap grey;

  Side(Bitmap picture) {
    if (picture.channels() == 4) {
      throw new IllegalArgumentException(
          "a picture with alpha looks different on each background: lay it on one first, or leave"
              + " its transparency out (Colours.rgb)");
    }
    this.width = picture.width();
    this.height = picture.height();
    this.channels = picture.channels();
    this.floats = null;
    this.bytes = picture;
  }

  Side(FloatPicture picture) {
    this.width = picture.width();
    this.height = picture.height();
    this.channels = picture.channels();
    this.floats = picture;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int channels() {
    return channels;
  }

  /** Of shape (H, W). */
  float[] plane(int channel) {
    float[] plane = new float[width * height];
    for (int y = 0; y < height; y++) {
      row(channel, y, plane, y * width);
    }
    return plane;
  }

  /** Writes one row, W values, into an array from there on. */
  void row(int channel, int y, float[] to, int start) {
    int from = y * width * channels + channel;
    if (floats != null) {
      float[] values = floats.values();
      for (int i = 0, at = from; i < width; i++, at += channels) {
        to[start + i] = values[at];
      }
      return;
    }
    byte[] pixels = bitmap().pixels();
    for (int i = 0, at = from; i < width; i++, at += channels) {
      to[start + i] = SHARE[pixels[at] & 0xff];
    }
  }

  /** Of shape (H, W, C), if the picture was handed over as numbers. */
  Optional<float[]> values() {
    return Optional.ofNullable(floats).map(FloatPicture::values);
  }

  /**
   * One channel in linear light, of shape (H, W), 0 to 1; a grey picture has the same in all three.
   *
   * <p>Source: IEC 61966-2-1 (sRGB), with the limit that scikit-image and FLIP take.
   */
  float[] linear(int channel) {
    int given = Math.min(channel, channels - 1);
    if (floats == null) {
      byte[] pixels = bitmap().pixels();
      float[] plane = new float[width * height];
      for (int i = 0, at = given; i < plane.length; i++, at += channels) {
        plane[i] = LINEAR[pixels[at] & 0xff];
      }
      return plane;
    }
    float[] plane = plane(given);
    for (int i = 0; i < plane.length; i++) {
      plane[i] = (float) linear(plane[i]);
    }
    return plane;
  }

  private static double linear(double value) {
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static float[] levels(DoubleUnaryOperator curve) {
    float[] levels = new float[256];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (float) curve.applyAsDouble(i / (double) LEVELS);
    }
    return levels;
  }

  /** The picture in bytes; numbers are rounded to the nearest level. */
  Bitmap bitmap() {
    if (bytes == null) {
      float[] values = Objects.requireNonNull(floats).values();
      byte[] rounded = new byte[values.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (byte) Math.round(values[i] * LEVELS);
      }
      bytes = new Bitmap(width, height, channels, rounded);
    }
    return bytes;
  }

  Bitmap grey() {
    if (grey == null) {
      grey = Colours.grey(bitmap());
    }
    return grey;
  }
}
