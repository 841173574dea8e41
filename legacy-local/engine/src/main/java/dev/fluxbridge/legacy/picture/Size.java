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

  /** Width, x, height. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
