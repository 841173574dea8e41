package dev.fluxbridge.legacy.picture;

/**
 * How large a picture is.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 */
public record Size(int width, int height) {

  /**
   * Checks both sides.
   *
   * @throws IllegalArgumentException if a side is below 1
   */
  public Size {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "a picture needs at least 1x1 pixels but is to have " + width + "x" + height);
    }
  }

  /**
   * Both sides cut down to multiples.
   *
   * @throws IllegalArgumentException if nothing is left of a side
   */
  Size floored(int multiple) {
    if (width < multiple || height < multiple) {
      throw new IllegalArgumentException(
          "%s is too small: pictures are cut down to multiples of %d pixels, give at least %dx%d"
              .formatted(this, multiple, multiple, multiple));
    }
    return new Size(width - width % multiple, height - height % multiple);
  }

  /**
   * How many numbers pictures of this size have.
   *
   * @param planes channels of all pictures together
   * @throws IllegalArgumentException if there are more than one array can hold
   */
  int numbers(long planes) {
    double numbers = (double) width * height * planes;
    if (numbers > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%s pixels in %d planes are too many for one array: ask for a smaller size or fewer pictures"
              .formatted(this, planes));
    }
    return (int) numbers;
  }

  /** Width, x, height. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
