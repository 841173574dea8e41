package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.CropRegion;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Optional;

/**
 * The three pipelines that ControlNets steer. All draw the control pictures' posteriors before
 * anything else.
 */
final class ControlNetting {
  private ControlNetting() {}

  static Plan plan(Session s, ControlNetTextToImage call) {
    ControlNets nets = ControlNets.of(s, call.controls());
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), s.trueCfgOfTexts()).steered(nets);
  }

  static Plan plan(Session s, ControlNetImageToImage call) {
    Schedule schedule = s.schedule(call.strength());
    ControlNets nets = ControlNets.of(s, call.controls());
    NDArray latents =
        call.sampling()
            .latents()
            .map(s::array)
            .orElseGet(() -> Pipelines.started(s, s.pixels(call.image()), schedule, false));
    return Plan.of(latents, schedule, s.rotary(), Optional.empty()).steered(nets);
  }

  /** As with FluxInpaintPipeline, the masked picture's posterior is drawn and not used. */
  static Plan plan(Session s, ControlNetInpaint call) {
    Schedule schedule = s.schedule(call.strength());
    Optional<CropRegion> crop = Inpainting.crop(s, call.mask(), call.paddingMaskCrop());
    Floats pixels = Inpainting.preprocess(s.images(), call.image(), s, crop);
    ControlNets nets = ControlNets.of(s, call.controls());
    Inpainting.Start start = Inpainting.start(s, s.sampledPixels(pixels), schedule);
    Floats mask = Inpainting.preprocess(s.masks(), call.mask(), s, crop);
    s.sampled(call.maskedImageLatents().orElseGet(() -> Inpainting.masked(pixels, mask))).close();
    return Plan.of(start.latents(), schedule, s.rotary(), Optional.empty())
        .blending(start.blend(Inpainting.maskLatents(s, mask)))
        .steered(nets);
  }
}
