package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * FluxKontextInpaintPipeline: repaints a part of a picture, with a picture as further tokens.
 *
 * @param sampling what to draw and how; the picture gives the size; latents are noise, not packed,
 *     shape (B, 16, H / 8, W / 8)
 * @param image the picture to edit
 * @param imageReference the picture whose tokens are seen; none: the picture to edit
 * @param mask white is repainted, black stays
 * @param strength how much of the picture is given up where it is repainted, 0 to 1
 * @param paddingMaskCrop pixels around the mask to which the drawing is cropped
 * @param maxArea pixels of the size that is asked for, about; the picture's own size wins
 * @param autoResize whether pictures are scaled to the nearest of Kontext's own sizes
 */
public record KontextInpaint(
    Sampling sampling,
    Images image,
    Optional<Images> imageReference,
    Images mask,
    double strength,
    Optional<Integer> paddingMaskCrop,
    int maxArea,
    boolean autoResize)
    implements Call {}
