package dev.fluxbridge.legacy.picture;

import java.util.Arrays;

/**
 * A picture of 8-bit numbers as Pillow holds it. It reads and writes no files.
 *
 * <p>The bytes are not copied: whoever hands an array over stops writing to it. Safe for use by
 * several threads under that condition.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param channels 1 is grey (L), 3 is RGB, 4 is RGBA
 * @param pixels row by row, the channels of a pixel side by side
 */
@SuppressWarnings(
    "ArrayRecordComponent") // A million pixels are not boxed, and equals compares them.
public record Bitmap(int width, int height, int channels, byte[] pixels) {

  /**
   * Checks that the bytes fit the size.
   *
   * @throws IllegalArgumentException if they do not, or for another number of channels
   */
  public Bitmap {
    new Size(width, height);
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new IllegalArgumentException(
          "a bitmap has 1 channel (grey), 3 (RGB) or 4 (RGBA) but this one has " + channels);
    }
    if ((long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "a bitmap of %dx%d pixels with %d channels takes %d bytes but has %d"
              .formatted(width, height, channels, (long) width * height * channels, pixels.length));
    }
  }

  static Bitmap black(Size size, int channels) {
    return new Bitmap(size.width(), size.height(), channels, new byte[size.numbers(channels)]);
  }

  Size size() {
    return new Size(width, height);
  }

  /** The same pixels, and not only the same array. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Bitmap that
        && width == that.width
        && height == that.height
        && channels == that.channels
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pixels) * 31 + width;
  }

  /** Tells the size only. */
  @Override
  public String toString() {
    return "Bitmap[%dx%d, %d channels]".formatted(width, height, channels);
  }
}
