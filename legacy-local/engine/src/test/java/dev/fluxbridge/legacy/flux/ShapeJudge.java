package dev.fluxbridge.legacy.flux;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what a 64x64 picture shows: the same rules, in the same arithmetic, as
 * tools/tiny-flux/judge.py, which explains them. Knows the palette and the outlines only and has no
 * state.
 */
final class ShapeJudge {
  static final int SIDE = 64;

  private static final List<Paint> FOREGROUNDS =
      List.of(
          Paint.RED,
          Paint.GREEN,
          Paint.BLUE,
          Paint.YELLOW,
          Paint.ORANGE,
          Paint.PURPLE,
          Paint.WHITE);
  private static final List<Paint> BACKGROUNDS =
      List.of(Paint.WHITE, Paint.BLACK, Paint.GRAY, Paint.BLUE);
  private static final Map<String, double[]> CENTRES = new LinkedHashMap<>();

  static {
    CENTRES.put("left", new double[] {20, 32});
    CENTRES.put("right", new double[] {44, 32});
    CENTRES.put("top", new double[] {32, 20});
    CENTRES.put("bottom", new double[] {32, 44});
    CENTRES.put("center", new double[] {32, 32});
  }

  private static final double BACKGROUND_TOLERANCE = 40;
  private static final double COLOUR_TOLERANCE = 45;
  private static final double LEAST_CONTRAST = 40;
  private static final double LEAST_OVERLAP = 0.75;
  private static final double PLACE_TOLERANCE = 6.5;
  private static final double LARGE_FROM = 26;
  private static final double[] SHIFTS = {-0.5, 0, 0.5};
  private static final double[] GROWTHS = {0, 0.5};
  private static final int SUBSAMPLES = 4;

  /** What was seen; null stands for "not recognised", overlap is 0 to 1. */
  record Verdict(
      @Nullable String colour,
      @Nullable String shape,
      @Nullable String size,
      @Nullable String place,
      @Nullable String background,
      double overlap) {

    /** Whether the three words that count are right. */
    boolean agrees(String wantedColour, String wantedShape, String wantedBackground) {
      return wantedColour.equals(colour)
          && wantedShape.equals(shape)
          && wantedBackground.equals(background);
    }
  }

  private enum Paint {
    RED(220, 40, 40),
    GREEN(40, 170, 60),
    BLUE(40, 80, 220),
    YELLOW(240, 220, 50),
    ORANGE(245, 135, 25),
    PURPLE(150, 50, 180),
    WHITE(245, 245, 245),
    BLACK(15, 15, 15),
    GRAY(170, 170, 170);

    private final int red;
    private final int green;
    private final int blue;

    Paint(int red, int green, int blue) {
      this.red = red;
      this.green = green;
      this.blue = blue;
    }

    double distance(double[] colour) {
      return Math.max(
          Math.abs(colour[0] - red),
          Math.max(Math.abs(colour[1] - green), Math.abs(colour[2] - blue)));
    }
  }

  private enum Outline {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    CROSS;

    /** Whether a point is inside; u and v run from -1 to 1 across the box, v downwards. */
    boolean holds(double u, double v) {
      double au = Math.abs(u);
      double av = Math.abs(v);
      boolean box = au <= 1 && av <= 1;
      return switch (this) {
        case CIRCLE -> u * u + v * v <= 1;
        case SQUARE -> box;
        case TRIANGLE -> box && au <= (v + 1) / 2;
        case CROSS -> box && (au <= 1.0 / 3 || av <= 1.0 / 3);
      };
    }
  }

  private record Box(double left, double top, double right, double bottom) {
    Box moved(double dx, double dy, double growth) {
      return new Box(
          left + dx - growth, top + dy - growth, right + dx + growth, bottom + dy + growth);
    }
  }

  private ShapeJudge() {}

  /** Judges SIDE * SIDE pixels, row by row, each 0xRRGGBB (the upper byte is ignored). */
  static Verdict judge(int[] rgb) {
    if (rgb.length != SIDE * SIDE) {
      throw new IllegalArgumentException("expected " + SIDE * SIDE + " pixels, got " + rgb.length);
    }
    double[][] pixels = new double[rgb.length][];
    for (int i = 0; i < rgb.length; i++) {
      pixels[i] = new double[] {rgb[i] >> 16 & 255, rgb[i] >> 8 & 255, rgb[i] & 255};
    }
    boolean[] border = new boolean[rgb.length];
    for (int i = 0; i < SIDE; i++) {
      border[i] = true;
      border[(SIDE - 1) * SIDE + i] = true;
      border[i * SIDE] = true;
      border[i * SIDE + SIDE - 1] = true;
    }
    double[] ground = median(pixels, border);
    String background = nearest(ground, BACKGROUNDS, BACKGROUND_TOLERANCE);

    double[] distance = new double[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      distance[i] = Math.sqrt(dot(minus(pixels[i], ground), minus(pixels[i], ground)));
    }
    double[] sorted = distance.clone();
    Arrays.sort(sorted);
    double strongest = sorted[(int) (0.985 * (rgb.length - 1))];
    if (strongest < LEAST_CONTRAST) {
      return new Verdict(null, null, null, null, background, 0);
    }
    boolean[] strong = new boolean[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      strong[i] = distance[i] > 0.8 * strongest;
    }
    double[] ink = median(pixels, strong);
    String colour = nearest(ink, FOREGROUNDS, COLOUR_TOLERANCE);

    double[] direction = minus(ink, ground);
    double[] cover = new double[rgb.length];
    boolean[] covered = new boolean[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      double along = dot(minus(pixels[i], ground), direction) / dot(direction, direction);
      cover[i] = Math.min(1, Math.max(0, along));
      covered[i] = cover[i] > 0.5;
    }
    boolean[] component = largestComponent(covered);
    Box box = box(component);
    if (box == null) {
      return new Verdict(colour, null, null, null, background, 0);
    }
    keepNear(component, cover);

    Outline shape = Outline.CIRCLE;
    double overlap = -1;
    for (Outline outline : Outline.values()) {
      for (double growth : GROWTHS) {
        for (double dy : SHIFTS) {
          for (double dx : SHIFTS) {
            double found = overlap(cover, outline, box.moved(dx, dy, growth));
            if (found > overlap) {
              shape = outline;
              overlap = found;
            }
          }
        }
      }
    }
    double longer = Math.max(box.right - box.left, box.bottom - box.top);
    return new Verdict(
        colour,
        overlap >= LEAST_OVERLAP ? word(shape) : null,
        longer >= LARGE_FROM ? "large" : "small",
        place((box.left + box.right) / 2, (box.top + box.bottom) / 2),
        background,
        overlap);
  }

  private static double[] minus(double[] a, double[] b) {
    return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  /** Channel by channel the upper median of the chosen pixels. */
  private static double[] median(double[][] pixels, boolean[] chosen) {
    double[] median = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      double[] values = new double[pixels.length];
      int count = 0;
      for (int i = 0; i < pixels.length; i++) {
        if (chosen[i]) {
          values[count++] = pixels[i][channel];
        }
      }
      Arrays.sort(values, 0, count);
      median[channel] = values[count / 2];
    }
    return median;
  }

  private static @Nullable String nearest(double[] colour, List<Paint> paints, double tolerance) {
    Paint best = Collections.min(paints, Comparator.comparingDouble(p -> p.distance(colour)));
    return best.distance(colour) <= tolerance ? word(best) : null;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Of the 4-connected components the one with most pixels, the first in reading order among
   * equals.
   */
  private static boolean[] largestComponent(boolean[] mask) {
    boolean[] seen = new boolean[mask.length];
    int[] best = {};
    for (int start = 0; start < mask.length; start++) {
      if (!mask[start] || seen[start]) {
        continue;
      }
      int[] members = new int[mask.length];
      int count = 1;
      members[0] = start;
      seen[start] = true;
      for (int next = 0; next < count; next++) {
        int x = members[next] % SIDE;
        int y = members[next] / SIDE;
        int[][] around = {{x, y - 1}, {x, y + 1}, {x - 1, y}, {x + 1, y}};
        for (int[] at : around) {
          int neighbour = at[1] * SIDE + at[0];
          if (at[0] >= 0
              && at[0] < SIDE
              && at[1] >= 0
              && at[1] < SIDE
              && mask[neighbour]
              && !seen[neighbour]) {
            seen[neighbour] = true;
            members[count++] = neighbour;
          }
        }
      }
      if (count > best.length) {
        best = Arrays.copyOf(members, count);
      }
    }
    boolean[] component = new boolean[mask.length];
    for (int member : best) {
      component[member] = true;
    }
    return component;
  }

  /** The pixel edges around a mask, or null if it is empty. */
  private static @Nullable Box box(boolean[] mask) {
    int left = SIDE;
    int top = SIDE;
    int right = 0;
    int bottom = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        left = Math.min(left, i % SIDE);
        top = Math.min(top, i / SIDE);
        right = Math.max(right, i % SIDE + 1);
        bottom = Math.max(bottom, i / SIDE + 1);
      }
    }
    return right == 0 ? null : new Box(left, top, right, bottom);
  }

  /** Clears the cover further than a pixel from the mask. */
  private static void keepNear(boolean[] mask, double[] cover) {
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean near = false;
        for (int ny = Math.max(0, y - 1); ny <= Math.min(SIDE - 1, y + 1); ny++) {
          for (int nx = Math.max(0, x - 1); nx <= Math.min(SIDE - 1, x + 1); nx++) {
            near |= mask[ny * SIDE + nx];
          }
        }
        if (!near) {
          cover[y * SIDE + x] = 0;
        }
      }
    }
  }

  /** The sum of the minima of cover and ideal shape over that of the maxima. */
  private static double overlap(double[] cover, Outline outline, Box box) {
    double common = 0;
    double either = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int hits = 0;
        for (int sy = 0; sy < SUBSAMPLES; sy++) {
          double py = (y * SUBSAMPLES + sy + 0.5) / SUBSAMPLES;
          double v = (2 * py - box.top - box.bottom) / (box.bottom - box.top);
          for (int sx = 0; sx < SUBSAMPLES; sx++) {
            double px = (x * SUBSAMPLES + sx + 0.5) / SUBSAMPLES;
            double u = (2 * px - box.left - box.right) / (box.right - box.left);
            hits += outline.holds(u, v) ? 1 : 0;
          }
        }
        double ideal = hits / (double) (SUBSAMPLES * SUBSAMPLES);
        common += Math.min(cover[y * SIDE + x], ideal);
        either += Math.max(cover[y * SIDE + x], ideal);
      }
    }
    return common / either;
  }

  private static @Nullable String place(double cx, double cy) {
    String best = null;
    double least = PLACE_TOLERANCE;
    for (Map.Entry<String, double[]> centre : CENTRES.entrySet()) {
      double distance = Math.hypot(cx - centre.getValue()[0], cy - centre.getValue()[1]);
      if (distance < least || (best == null && distance == least)) {
        least = distance;
        best = centre.getKey();
      }
    }
    return best;
  }
}
