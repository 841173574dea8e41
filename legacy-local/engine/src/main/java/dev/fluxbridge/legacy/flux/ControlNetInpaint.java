package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Images;
import java.util.List;
import java.util.Optional;

/**
 * FluxControlNetInpaintPipeline: repaints a part of a picture, steered by ControlNets.
 *
 * @param sampling what to draw and how; latents are noise, not packed, shape (B, 16, H / 8, W / 8)
 * @param image the picture to edit
 * @param mask white is repainted, black stays
 * @param maskedImageLatents as the old argument: it uses up no noise, and changes nothing else
 * @param controls one for each loaded net, or any number for a single one
 * @param strength how much of the picture is given up where it is repainted, 0 to 1
 * @param paddingMaskCrop pixels around the mask to which the drawing is cropped; the result is the
 *     crop, which the old code never laid over the picture
 */
public record ControlNetInpaint(
    Sampling sampling,
    Images image,
    Images mask,
    Optional<Floats> maskedImageLatents,
    List<ControlNetInput> controls,
    double strength,
    Optional<Integer> paddingMaskCrop)
    implements Call {

  public ControlNetInpaint {
    controls = List.copyOf(controls);
  }
}
