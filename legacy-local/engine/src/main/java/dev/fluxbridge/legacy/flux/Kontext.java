package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * FluxKontextPipeline: edits a picture as the text says, with the picture as further tokens.
 *
 * @param sampling what to draw and how; only the ratio of width and height counts; latents are
 *     packed, shape (B, S, 64)
 * @param image the picture to edit; without one it is text to image
 * @param maxArea pixels that the result has, about
 * @param autoResize whether the picture is scaled to the nearest of Kontext's own sizes
 */
public record Kontext(Sampling sampling, Optional<Images> image, int maxArea, boolean autoResize)
    implements Call {}
