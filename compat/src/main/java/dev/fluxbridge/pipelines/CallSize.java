package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.KontextSizes;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How large a call draws.
 *
 * @param width what the request says, pixels
 * @param height what the request says, pixels
 * @param drawnWidth what comes of it, a multiple of 16; another one only with Kontext, which takes
 *     no more than the proportions
 * @param drawnHeight likewise
 */
record CallSize(int width, int height, int drawnWidth, int drawnHeight) {
  /** {@code default_sample_size * vae_scale_factor} of every release. */
  private static final int DEFAULT_SIDE = 1024;

  static final int SIDE_STEP = 16;

  /**
   * @param image the picture that is edited
   * @param controlImages what ControlNets look at
   * @param notes where to say what was not taken as asked
   */
  static CallSize of(
      Given given, Optional<Images> image, List<Images> controlImages, List<Note> notes) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    int height = orDefault(given.value("height"), "height");
    int width = orDefault(given.value("width"), "width");
    if (pipeline == Pipeline.KONTEXT) {
      return kontext(width, height, given.number("max_area").intValue(), notes);
    }
    if (pipeline == Pipeline.KONTEXT_INPAINT && image.isPresent()) {
      boolean resize = Boolean.TRUE.equals(given.value("_auto_resize"));
      CallSize picture = size(image.get());
      CallSize own = of(KontextSizes.seen(picture.width, picture.height, resize));
      if ((given.has("height") && height != own.height)
          || (given.has("width") && width != own.width)) {
        notes.add(adjusted(own));
      }
      return own;
    }
    if (pipeline == Pipeline.CONTROLNET) {
      for (Images control : controlImages) {
        if (control instanceof Images.Values values && values.tensor().shape().size() == 4) {
          return ofTensor(size(control));
        }
      }
    }
    int drawnHeight = floored("height", height, notes);
    int drawnWidth = floored("width", width, notes);
    return square(drawnWidth, drawnHeight);
  }

  private static CallSize of(Size size) {
    return square(size.width(), size.height());
  }

  private static CallSize square(int width, int height) {
    return new CallSize(width, height, width, height);
  }

  /** None and 0 are the default, as in Python. */
  static int orDefault(@Nullable Object value, String name) {
    if (value == null) {
      return DEFAULT_SIDE;
    }
    if (value instanceof Number number) {
      return number.intValue() == 0 ? DEFAULT_SIDE : number.intValue();
    }
    throw new IllegalArgumentException("`" + name + "` must be a number");
  }

  private static int floored(String name, int asked, List<Note> notes) {
    int floored = Math.floorDiv(asked, SIDE_STEP) * SIDE_STEP;
    if (floored < SIDE_STEP) {
      throw new IllegalArgumentException(
          "`%s` must be at least %d pixels but is %d".formatted(name, SIDE_STEP, asked));
    }
    if (floored != asked) {
      notes.add(
          FacadeLedger.SIZE_FLOORED.note(
              "`%s` has to be divisible by %d but is %d; drawn at %d"
                  .formatted(name, SIDE_STEP, asked, floored)));
    }
    return floored;
  }

  private static CallSize kontext(int width, int height, int maxArea, List<Note> notes) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "`height` and `width` must be at least 1 pixel but are %d and %d"
              .formatted(height, width));
    }
    if (maxArea < SIDE_STEP * SIDE_STEP) {
      throw new IllegalArgumentException(
          "`max_area` must be at least %d pixels but is %d"
              .formatted(SIDE_STEP * SIDE_STEP, maxArea));
    }
    CallSize drawn = of(KontextSizes.drawn(width, height, maxArea));
    if (drawn.width != width || drawn.height != height) {
      notes.add(adjusted(drawn));
    }
    return new CallSize(width, height, drawn.width, drawn.height);
  }

  private static Note adjusted(CallSize drawn) {
    return FacadeLedger.SIZE_ADJUSTED.note(
        "Generation `height` and `width` have been adjusted to %d and %d to fit the model requirements."
            .formatted(drawn.height, drawn.width));
  }

  private static CallSize ofTensor(CallSize size) {
    if (size.width % SIDE_STEP != 0 || size.height % SIDE_STEP != 0) {
      throw new IllegalArgumentException(
          "`control_image` rules the size that is drawn: its sides must be multiples of %d but are %dx%d"
              .formatted(SIDE_STEP, size.width, size.height));
    }
    return size;
  }

  /** A picture's own size, that of the first one of several. */
  static CallSize size(Images images) {
    if (images instanceof Images.Bitmaps bitmaps) {
      Bitmap first = bitmaps.bitmaps().get(0);
      return square(first.width(), first.height());
    }
    List<Integer> shape = ((Images.Values) images).tensor().shape();
    return square(shape.get(shape.size() - 1), shape.get(shape.size() - 2));
  }
}
