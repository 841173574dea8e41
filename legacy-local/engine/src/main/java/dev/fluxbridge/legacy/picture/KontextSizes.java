package dev.fluxbridge.legacy.picture;

import java.util.Comparator;
import java.util.List;

/**
 * The sizes in which Kontext draws and sees. Stateless, safe for use by several threads.
 *
 * <p>Source: diffusers 0.35.2, pipeline_flux_kontext.py.
 */
public final class KontextSizes {
  private static final int MULTIPLE = 16;

  /** What the model was trained on; narrow ones first, and a tie goes to the narrower. */
  private static final List<Size> PREFERRED =
      List.of(
          new Size(672, 1568),
          new Size(688, 1504),
          new Size(720, 1456),
          new Size(752, 1392),
          new Size(800, 1328),
          new Size(832, 1248),
          new Size(880, 1184),
          new Size(944, 1104),
          new Size(1024, 1024),
          new Size(1104, 944),
          new Size(1184, 880),
          new Size(1248, 832),
          new Size(1328, 800),
          new Size(1392, 752),
          new Size(1456, 720),
          new Size(1504, 688),
          new Size(1568, 672));

  private KontextSizes() {}

  /**
   * The size in which a picture is drawn: the proportions that were asked for, on a given area.
   *
   * @param asked the caller's width and height
   * @param maxArea pixels; the old pipeline's default is 1024 * 1024
   * @throws IllegalArgumentException if less than 16x16 pixels are left
   */
  public static Size drawn(Size asked, int maxArea) {
    if (maxArea < 1) {
      throw new IllegalArgumentException("max_area must be at least 1 but is " + maxArea);
    }
    double aspect = (double) asked.width() / asked.height();
    double width = Math.rint(Math.sqrt(maxArea * aspect));
    double height = Math.rint(Math.sqrt(maxArea / aspect));
    return new Size(Math.max((int) width, 1), Math.max((int) height, 1)).floored(MULTIPLE);
  }

  /**
   * The size in which the model sees a reference picture: of the sizes that it was trained on the
   * one with the closest proportions.
   *
   * @param picture what {@link ImageProcessor#defaultSize} says of the picture
   */
  public static Size reference(Size picture) {
    double aspect = (double) picture.width() / picture.height();
    return PREFERRED.stream()
        .min(
            Comparator.comparingDouble(
                size -> Math.abs(aspect - (double) size.width() / size.height())))
        .orElseThrow();
  }
}
