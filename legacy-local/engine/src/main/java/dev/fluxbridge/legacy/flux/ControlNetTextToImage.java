package dev.fluxbridge.legacy.flux;

import java.util.List;

/**
 * FluxControlNetPipeline: a picture from a text, steered by ControlNets.
 *
 * @param sampling what to draw and how; latents are packed, shape (B, S, 64)
 * @param controls one for each loaded net, or any number for a single one
 */
public record ControlNetTextToImage(Sampling sampling, List<ControlNetInput> controls)
    implements Call {

  public ControlNetTextToImage {
    controls = List.copyOf(controls);
  }
}
