package dev.fluxbridge.providers;

import java.util.Arrays;

/**
 * A picture of 8-bit numbers that a caller hands over. It reads and writes no files.
 *
 * <p>The bytes are not copied: whoever hands an array over stops writing to it. Safe for use by
 * several threads under that condition.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param channels 1 is grey, 3 is red green blue, 4 has alpha behind them
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
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture is at least 1x1 pixels but this one is %dx%d".formatted(width, height));
    }
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new IllegalArgumentException(
          "a picture has 1 channel (grey), 3 (RGB) or 4 (RGBA) but this one has " + channels);
    }
    if ((long) width * height * channels != pixels.length) {
      throw new IllegalArgumentException(
          "a picture of %dx%d pixels with %d channels takes %d bytes but has %d"
              .formatted(width, height, channels, (long) width * height * channels, pixels.length));
    }
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
