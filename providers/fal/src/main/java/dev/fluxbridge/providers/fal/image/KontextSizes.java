package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.fal.image.FalImagePlan.Size;
import java.util.Comparator;
import java.util.List;

/**
 * The sizes in which Kontext draws and sees.
 *
 * <p>Source: diffusers 0.35.2, pipeline_flux_kontext.py.
 */
final class KontextSizes {
  private static final int MULTIPLE = 16;

  /** What the model was trained on; a tie goes to the narrower. */
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

  /** The size in which a picture is drawn: the proportions that were asked for, on an area. */
  static Size drawn(int width, int height, int maxArea) {
    double aspect = (double) width / height;
    return floored(Math.rint(Math.sqrt(maxArea * aspect)), Math.rint(Math.sqrt(maxArea / aspect)));
  }

  /**
   * The size in which the model sees a picture.
   *
   * @param autoResize the one with the closest proportions of those that it was trained on; else
   *     its own
   */
  static Size seen(int width, int height, boolean autoResize) {
    Size own = floored(width, height);
    double aspect = (double) own.width() / own.height();
    return autoResize
        ? PREFERRED.stream()
            .min(
                Comparator.comparingDouble(
                    size -> Math.abs(aspect - (double) size.width() / size.height())))
            .orElseThrow()
        : own;
  }

  private static Size floored(double width, double height) {
    int columns = (int) width / MULTIPLE * MULTIPLE;
    int rows = (int) height / MULTIPLE * MULTIPLE;
    if (columns == 0 || rows == 0) {
      throw Findings.invalid(
          "pictures are at least %dx%d pixels but this one would be %dx%d"
              .formatted(MULTIPLE, MULTIPLE, (int) width, (int) height));
    }
    return new Size(columns, rows);
  }
}
