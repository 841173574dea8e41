package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * FluxInpaintPipeline: repaints a part of a picture, by putting the rest back after every step.
 *
 * @param sampling what to draw and how; latents are noise, not packed, shape (B, 16, H / 8, W / 8)
 * @param image the picture to edit
 * @param mask white is repainted, black stays
 * @param maskedImageLatents as the old argument: it uses up no noise, and changes nothing else
 * @param strength how much of the picture is given up where it is repainted, 0 to 1
 * @param paddingMaskCrop pixels around the mask to which the drawing is cropped; the result is then
 *     laid over the picture, at the picture's own size
 */
public record Inpaint(
    Sampling sampling,
    Images image,
    Images mask,
    Optional<Floats> maskedImageLatents,
    double strength,
    Optional<Integer> paddingMaskCrop)
    implements Call {}
