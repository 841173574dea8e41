package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;

/**
 * FluxControlPipeline: a picture from a text and a drawing of edges or depths.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 * @param controlImage what the transformer follows; numbers are taken as they are, -1 to 1
 */
public record Control(Sampling sampling, Images controlImage) implements Call {}
