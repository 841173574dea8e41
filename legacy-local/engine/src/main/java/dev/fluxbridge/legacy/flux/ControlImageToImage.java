package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;

/**
 * FluxControlImg2ImgPipeline.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 * @param image the picture to start from
 * @param controlImage what the transformer follows; numbers are taken as they are, -1 to 1
 * @param strength how much of the picture is given up, 0 to 1
 */
public record ControlImageToImage(
    Sampling sampling, Images image, Images controlImage, double strength) implements Call {}
