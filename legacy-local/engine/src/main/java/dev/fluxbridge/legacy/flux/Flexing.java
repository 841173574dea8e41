package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Planes;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Optional;

/**
 * Flex.2: beside the latents the transformer sees the kept part of a picture (16 channels), the
 * mask (1), and a control image (16), packed together.
 */
final class Flexing {
  private Flexing() {}

  static Plan plan(Session s, Flex call) {
    LatentGrid grid = s.grid();
    Shape shape = new Shape(s.batch(), grid.channels(), grid.height(), grid.width());
    NDArray control =
        call.controlImage()
            .map(image -> s.sampledPixels(s.control(image)))
            .orElseGet(() -> s.zeros(shape))
            .mul(call.controlStrength());
    NDArray kept = s.zeros(shape);
    NDArray mask = s.zeros(new Shape(s.batch(), 1, grid.height(), grid.width())).add(1);
    if (call.inpaintImage().isPresent() && call.inpaintMask().isPresent()) {
      NDArray picture = s.sampledPixels(s.control(call.inpaintImage().get()));
      mask = s.array(grey(s, call));
      kept = picture.mul(mask.mul(-1).add(1));
    }
    NDArray withControl = LatentGrid.pack(kept.concat(mask, 1).concat(control, 1));
    NDArray without = LatentGrid.pack(kept.concat(mask, 1).concat(s.zeros(shape), 1));
    Schedule schedule = s.schedule();
    int cutoff = (int) (schedule.steps() * call.controlStop());
    return Plan.of(s.packedNoise(), schedule, s.rotary(), Optional.empty())
        .showing(step -> step < cutoff ? withControl : without);
  }

  /** The mask's first channel, 0 to 1 and not rounded, at the size of the latents. */
  private static Floats grey(Session s, Flex call) {
    Floats pixels = s.control(call.inpaintMask().orElseThrow());
    int count = pixels.shape().get(0);
    int plane = pixels.shape().get(2) * pixels.shape().get(3);
    int planes = pixels.shape().get(1);
    float[] first = new float[count * plane];
    for (int i = 0; i < first.length; i++) {
      first[i] = pixels.values()[i / plane * planes * plane + i % plane] * 0.5f + 0.5f;
    }
    return Planes.bilinear(
        Floats.of(first, count, 1, pixels.shape().get(2), pixels.shape().get(3)),
        s.grid().height(),
        s.grid().width());
  }
}
