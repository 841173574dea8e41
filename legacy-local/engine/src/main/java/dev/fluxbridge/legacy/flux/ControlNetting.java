package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.CropRegion;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The three pipelines that ControlNets steer. All draw the control pictures' posteriors before
 * anything else.
 */
final class ControlNetting {
  private ControlNetting() {}

  static Plan plan(Session s, ControlNetTextToImage call) {
    ControlNets nets = ControlNets.of(s, call.controls());
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), s.trueCfgOfTexts())
        .steered(nets)
        .watched(control(nets));
  }

  static Plan plan(Session s, ControlNetImageToImage call) {
    Schedule schedule = s.schedule(call.strength());
    ControlNets nets = ControlNets.of(s, call.controls());
    NDArray latents =
        call.sampling()
            .latents()
            .map(s::array)
            .orElseGet(() -> Pipelines.started(s, s.pixels(call.image()), schedule, false));
    return Plan.of(latents, schedule, s.rotary(), Optional.empty())
        .steered(nets)
        .watched(control(nets));
  }

  /** Of several control pictures Python shows a list, which is no tensor. */
  private static Map<String, Shown> control(ControlNets nets) {
    List<Shown> controls = nets.controls();
    return controls.size() == 1 ? Map.of(WatchedStep.CONTROL_IMAGE, controls.get(0)) : Map.of();
  }

  /**
   * As with FluxInpaintPipeline, the masked picture's posterior is drawn, and used for nothing but
   * to be shown to watchers.
   */
  static Plan plan(Session s, ControlNetInpaint call) {
    Schedule schedule = s.schedule(call.strength());
    Optional<CropRegion> crop = Inpainting.crop(s, call.mask(), call.paddingMaskCrop());
    Floats pixels = Inpainting.preprocess(s.images(), call.image(), s, crop);
    ControlNets nets = ControlNets.of(s, call.controls());
    Inpainting.Start start = Inpainting.start(s, s.sampledPixels(pixels), schedule);
    Floats mask = Inpainting.preprocess(s.masks(), call.mask(), s, crop);
    NDArray masked =
        call.maskedImageLatents()
            .map(given -> s.parts().autoencoder().scaled(s.array(given)))
            .orElseGet(() -> s.sampled(Inpainting.masked(pixels, mask)));
    Shown maskLatents = Inpainting.maskLatents(s, mask);
    Map<String, Shown> watched = new TreeMap<>(control(nets));
    watched.put(WatchedStep.MASK, maskLatents);
    watched.put(
        WatchedStep.MASKED_IMAGE_LATENTS,
        new Shown(LatentGrid.pack(s.tiled(masked, WatchedStep.MASKED_IMAGE_LATENTS))));
    return Plan.of(start.latents(), schedule, s.rotary(), Optional.empty())
        .blending(start.blend(maskLatents))
        .steered(nets)
        .watched(watched);
  }
}
