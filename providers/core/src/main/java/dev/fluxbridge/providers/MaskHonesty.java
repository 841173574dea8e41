package dev.fluxbridge.providers;

import java.util.Optional;

/**
 * What an edit did to the pixels that its mask protects, compared with the picture that was handed
 * in. An honest edit leaves them alone; encoders and autoencoders change them a little.
 *
 * @param protectedPixels how many pixels the mask protects; with none the next two are 0
 * @param meanAbsoluteDifference of their channels, 0 (the same) to 255
 * @param shareChanged the share of them of which a channel differs by more than {@link #VISIBLE}
 *     levels, 0 to 1
 * @param resized whether the picture that was handed in had another size than what came back, and
 *     was brought to it: then the numbers hold what resizing changed too
 * @param sent the picture as the provider sent it, where the protected pixels were put back after
 *     they were compared
 */
public record MaskHonesty(
    long protectedPixels,
    double meanAbsoluteDifference,
    double shareChanged,
    boolean resized,
    Optional<Picture.Encoded> sent) {
  /** Levels of 255 up to which a difference is not counted as a change. */
  public static final int VISIBLE = 8;
}
