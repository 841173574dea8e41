package dev.fluxbridge.legacy.picture;

/**
 * A rectangle of pixels.
 *
 * @param left first column, may lie outside of the picture
 * @param top first row, may lie outside of the picture
 * @param right column after the last one
 * @param bottom row after the last one
 */
public record CropRegion(int left, int top, int right, int bottom) {

  /**
   * Checks that there is something inside.
   *
   * @throws IllegalArgumentException if the rectangle is empty
   */
  public CropRegion {
    if (right <= left || bottom <= top) {
      throw new IllegalArgumentException(
          "the region from (%d, %d) to (%d, %d) is empty".formatted(left, top, right, bottom));
    }
  }

  Size size() {
    return new Size(right - left, bottom - top);
  }
}
