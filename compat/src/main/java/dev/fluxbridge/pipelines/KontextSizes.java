package dev.fluxbridge.pipelines;

import java.util.Comparator;
import java.util.List;

/**
 * The sizes in which Kontext draws. The local engine knows them too; they stand here because the
 * facade tells callers the size, and counts the noise, on every road.
 *
 * <p>Source: diffusers at 58eb52c0803e, pipeline_flux_kontext.py and
 * pipeline_flux_kontext_inpaint.py.
 */
final class KontextSizes {
  /** What the model was trained on, width and height; a tie goes to the first. */
  private static final List<int[]> PREFERRED =
      List.of(
          new int[] {672, 1568},
          new int[] {688, 1504},
          new int[] {720, 1456},
          new int[] {752, 1392},
          new int[] {800, 1328},
          new int[] {832, 1248},
          new int[] {880, 1184},
          new int[] {944, 1104},
          new int[] {1024, 1024},
          new int[] {1104, 944},
          new int[] {1184, 880},
          new int[] {1248, 832},
          new int[] {1328, 800},
          new int[] {1392, 752},
          new int[] {1456, 720},
          new int[] {1504, 688},
          new int[] {1568, 672});

  private KontextSizes() {}

  /** The proportions that were asked for, on a given area. */
  static CallSize drawn(int width, int height, int maxArea) {
    double aspect = (double) width / height;
    return floored(
        (int) Math.rint(Math.sqrt(maxArea * aspect)), (int) Math.rint(Math.sqrt(maxArea / aspect)));
  }

  /** The size of a picture that is edited: its own, or the nearest one of the model's. */
  static CallSize reference(CallSize picture, boolean autoResize) {
    CallSize own = floored(picture.width(), picture.height());
    if (!autoResize) {
      return own;
    }
    double aspect = (double) own.width() / own.height();
    int[] nearest =
        PREFERRED.stream()
            .min(Comparator.comparingDouble(size -> Math.abs(aspect - (double) size[0] / size[1])))
            .orElseThrow();
    return new CallSize(nearest[0], nearest[1], nearest[0], nearest[1]);
  }

  private static CallSize floored(int width, int height) {
    int step = CallSize.SIDE_STEP;
    if (width < step || height < step) {
      throw new IllegalArgumentException(
          "Kontext would draw %dx%d pixels, and needs at least %dx%d"
              .formatted(width, height, step, step));
    }
    int drawnWidth = width - width % step;
    int drawnHeight = height - height % step;
    return new CallSize(drawnWidth, drawnHeight, drawnWidth, drawnHeight);
  }
}
