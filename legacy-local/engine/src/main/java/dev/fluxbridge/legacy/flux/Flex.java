package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * FlexPipeline (Flex2Pipeline): text to image, inpainting and control in one transformer of 196
 * input channels.
 *
 * <p>Source: Pallaidium 85336adf, pipelines/flex_pipeline.py, without its crashes.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 * @param inpaintImage the picture to edit, together with its mask
 * @param inpaintMask white is repainted, black stays, grey in between
 * @param controlImage pose, lines or depths to follow
 * @param controlStrength multiplies the control image
 * @param controlStop the share of the steps that see the control image, 0 to 1
 */
public record Flex(
    Sampling sampling,
    Optional<Images> inpaintImage,
    Optional<Images> inpaintMask,
    Optional<Images> controlImage,
    double controlStrength,
    double controlStop)
    implements Call {}
