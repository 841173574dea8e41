package dev.fluxbridge.providers;

import java.util.Comparator;
import java.util.List;

/**
 * The sizes in which Kontext draws and sees pictures. The facade tells callers by it what they get,
 * and hosted roads what to ask for. Stateless.
 *
 * <p>Source: diffusers 0.35.2, pipeline_flux_kontext.py and pipeline_flux_kontext_inpaint.py.
 */
public final class KontextSizes {
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

  /**
   * The size in which a picture is drawn: the proportions that were asked for, on an area.
   *
   * @param maxArea pixels
   * @throws IllegalArgumentException if a side would be less than 16 pixels
   */
  public static Size drawn(int width, int height, int maxArea) {
    double aspect = (double) width / height;
    return floored(Math.rint(Math.sqrt(maxArea * aspect)), Math.rint(Math.sqrt(maxArea / aspect)));
  }

  /**
   * The size in which the model sees a picture.
   *
   * @param autoResize the one with the closest proportions of those that it was trained on; else
   *     its own, floored to multiples of 16
   * @throws IllegalArgumentException if a side would be less than 16 pixels
   */
  public static Size seen(int width, int height, boolean autoResize) {
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
      throw new IllegalArgumentException(
          "Kontext would draw %dx%d pixels, and needs at least %dx%d"
              .formatted((int) width, (int) height, MULTIPLE, MULTIPLE));
    }
    return new Size(columns, rows);
  }
}
