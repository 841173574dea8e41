package dev.fluxbridge.legacy.flux;

/**
 * FluxPipeline: a picture from a text.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 */
public record TextToImage(Sampling sampling) implements Call {}
