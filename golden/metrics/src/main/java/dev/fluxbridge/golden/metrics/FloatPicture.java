package dev.fluxbridge.golden.metrics;

import java.util.Arrays;

/**
 * A picture of numbers from 0 to 1, for pictures that never were 8 bits. It converts nothing.
 *
 * <p>The values are not copied: whoever hands an array over stops writing to it. Safe for use by
 * several threads under that condition.
 *
 * @param width W, at least 1
 * @param height H, at least 1
 * @param channels C: 1 is grey, 3 is red green blue
 * @param values of shape (H, W, C), each from 0 to 1
 */
@SuppressWarnings(
    "ArrayRecordComponent") // A million values are not boxed, and equals compares them.
public record FloatPicture(int width, int height, int channels, float[] values) {

  /**
   * Checks the shape and every value.
   *
   * @throws IllegalArgumentException for another number of values or channels, or a value that is
   *     no number or outside of 0 to 1, naming where it is
   */
  public FloatPicture {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "a picture has at least 1x1 pixels and 1 or 3 channels but this one is %dx%d with %d"
              .formatted(width, height, channels));
    }
    if ((long) width * height * channels != values.length) {
      throw new IllegalArgumentException(
          "a picture of %dx%d pixels with %d channels takes %d values but has %d"
              .formatted(width, height, channels, (long) width * height * channels, values.length));
    }
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 1)) {
        int pixel = i / channels;
        throw new IllegalArgumentException(
            "a picture has values from 0 to 1 but at row %d, column %d, channel %d this one has %s"
                .formatted(pixel / width, pixel % width, i % channels, values[i]));
      }
    }
  }

  /** The same values, and not only the same array. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FloatPicture that
        && width == that.width
        && height == that.height
        && channels == that.channels
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values) * 31 + width;
  }

  /** Tells the size only. */
  @Override
  public String toString() {
    return "FloatPicture[%dx%d, %d channels]".formatted(width, height, channels);
  }
}
