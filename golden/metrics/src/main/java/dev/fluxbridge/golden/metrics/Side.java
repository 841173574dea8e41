package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Colours;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a pair, as bytes or as numbers, whichever a metric works on. What it makes of the
 * picture it keeps for the next metric, so it lives no longer than one comparison. Not safe for use
 * by several threads.
 */
final class Side {
  private static final float LEVELS = 255;

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
    if (floats != null) {
      float[] values = floats.values();
      for (int i = 0, at = channel; i < plane.length; i++, at += channels) {
        plane[i] = values[at];
      }
      return plane;
    }
    byte[] pixels = bitmap().pixels();
    for (int i = 0, at = channel; i < plane.length; i++, at += channels) {
      plane[i] = (pixels[at] & 0xff) / LEVELS;
    }
    return plane;
  }

  /** Of shape (H, W, C), if the picture was handed over as numbers. */
  Optional<float[]> values() {
    return Optional.ofNullable(floats).map(FloatPicture::values);
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
