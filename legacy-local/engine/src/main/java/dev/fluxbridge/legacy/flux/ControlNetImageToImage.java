package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;
import java.util.List;

/**
 * FluxControlNetImg2ImgPipeline: a picture from a picture and a text, steered by ControlNets.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64), and then the picture
 *     is not looked at
 * @param image the picture to start from
 * @param controls one for each loaded net, or any number for a single one
 * @param strength how much of the picture is given up, 0 to 1
 */
public record ControlNetImageToImage(
    Sampling sampling, Images image, List<ControlNetInput> controls, double strength)
    implements Call {

  public ControlNetImageToImage {
    controls = List.copyOf(controls);
  }
}
