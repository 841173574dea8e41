package dev.fluxbridge.legacy.flux;

/**
 * FluxPipeline for de-distilled weights: {@code guidanceScale} weighs the negative prompt, above 1
 * in a batch of two. No negative prompt is an empty one, and one serves all prompts.
 *
 * <p>Source: Pallaidium 141a55fb, pipelines/pipeline_flux_de_distill.py, without its crashes.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64); {@code trueCfgScale}
 *     has no meaning
 */
public record DeDistilled(Sampling sampling) implements Call {}
