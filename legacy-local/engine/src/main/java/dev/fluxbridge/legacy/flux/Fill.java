package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * FluxFillPipeline: repaints a part of a picture with a transformer that sees picture and mask.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 * @param image the picture to edit
 * @param mask white is repainted, black stays
 * @param maskedImageLatents picture and mask as the transformer takes them, shape (B, S, 320),
 *     instead of both
 * @param strength how much of the picture is given up, 0 to 1
 */
public record Fill(
    Sampling sampling,
    Optional<Images> image,
    Optional<Images> mask,
    Optional<Floats> maskedImageLatents,
    double strength)
    implements Call {}
