package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Optional;

/**
 * FluxFillPipeline: the transformer sees the masked picture and the mask beside the latents.
 *
 * <p>The old code could not be called with {@code masked_image_latents}: it also needed a picture,
 * and refused one. Here they are taken without one, and start from noise.
 */
final class Filling {
  private Filling() {}

  static Plan plan(Session s, Fill call) {
    Schedule schedule = s.schedule(call.strength());
    if (call.image().isEmpty() || call.mask().isEmpty()) {
      NDArray shown = call.maskedImageLatents().map(s::array).orElseThrow();
      return Plan.of(s.packedNoise(), schedule, s.rotary(), Optional.empty())
          .showing(s.tiled(shown, "masked_image_latents"));
    }
    Floats pixels = s.pixels(call.image().get());
    NDArray latents =
        call.sampling()
            .latents()
            .map(s::array)
            .orElseGet(() -> Pipelines.started(s, pixels, schedule, true));
    Floats mask = s.masks().preprocess(call.mask().get(), s.height(), s.width());
    NDArray picture = s.tiled(s.sampled(faded(pixels, mask)), "image");
    return Plan.of(latents, schedule, s.rotary(), Optional.empty())
        .showing(LatentGrid.pack(picture).concat(maskFeatures(s, mask), 2));
  }

  private static Floats faded(Floats pixels, Floats mask) {
    return Inpainting.masked(pixels, mask);
  }

  /** Every pixel of the mask as a feature of its own: 64 a latent, 256 a token. */
  private static NDArray maskFeatures(Session s, Floats mask) {
    int scale = s.parts().autoencoder().scale();
    int found = mask.shape().get(0);
    NDArray squares =
        s.array(mask)
            .reshape(found, s.grid().height(), scale, s.grid().width(), scale)
            .transpose(0, 2, 4, 1, 3)
            .reshape(found, (long) scale * scale, s.grid().height(), s.grid().width());
    return LatentGrid.pack(s.tiled(squares, "mask_image"));
  }
}
