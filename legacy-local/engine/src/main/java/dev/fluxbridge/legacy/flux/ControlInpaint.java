package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;

/**
 * FluxControlInpaintPipeline.
 *
 * @param sampling what to draw and how; latents are noise, not packed, shape (B, 16, H / 8, W / 8):
 *     the old code crashed on any
 * @param image the picture to edit
 * @param controlImage what the transformer follows; numbers are taken as they are, -1 to 1
 * @param mask white is repainted, black stays
 * @param strength how much of the picture is given up where it is repainted, 0 to 1
 */
public record ControlInpaint(
    Sampling sampling, Images image, Images controlImage, Images mask, double strength)
    implements Call {}
