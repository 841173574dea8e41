package dev.fluxbridge.providers;

import java.util.Optional;

/**
 * What a call starts from instead of noise alone.
 *
 * @param image the picture to edit or to start from
 * @param mask white is repainted, black stays
 * @param reference a second picture to look at; FluxKontextInpaintPipeline only
 * @param maskedImageLatents what the old argument of that name took
 * @param strength how much of the picture is given up, 0 to 1; 1 where a pipeline has no such
 *     argument
 * @param paddingMaskCrop pixels around the mask to which the drawing is cropped, before it is laid
 *     over the picture
 * @param maxArea pixels that the result has, about; Kontext only
 * @param autoResize whether pictures are scaled to the nearest of Kontext's own sizes
 */
public record Edit(
    Optional<Images> image,
    Optional<Images> mask,
    Optional<Images> reference,
    Optional<Tensor> maskedImageLatents,
    double strength,
    Optional<Integer> paddingMaskCrop,
    int maxArea,
    boolean autoResize) {

  /** Nothing to start from. */
  public static final Edit NONE =
      new Edit(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          1,
          Optional.empty(),
          1024 * 1024,
          true);

  public Edit {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "The value of strength should in [0.0, 1.0] but is " + strength);
    }
  }

  /** A picture to start from. */
  public static Edit of(Images image, double strength) {
    return new Edit(
        Optional.of(image),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        strength,
        Optional.empty(),
        NONE.maxArea,
        NONE.autoResize);
  }

  /** A picture of which a part is repainted. */
  public static Edit of(Images image, Images mask, double strength) {
    return new Edit(
        Optional.of(image),
        Optional.of(mask),
        Optional.empty(),
        Optional.empty(),
        strength,
        Optional.empty(),
        NONE.maxArea,
        NONE.autoResize);
  }

  /** Whether only a part of the picture may change. */
  public boolean masked() {
    return mask.isPresent() || maskedImageLatents.isPresent();
  }
}
