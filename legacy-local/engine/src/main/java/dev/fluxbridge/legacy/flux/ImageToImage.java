package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;

/**
 * FluxImg2ImgPipeline: a picture from a picture and a text.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64), and then the picture
 *     is not looked at
 * @param image the picture to start from
 * @param strength how much of it is given up, 0 to 1; 1 ignores it
 */
public record ImageToImage(Sampling sampling, Images image, double strength) implements Call {}
