package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.CropRegion;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.legacy.picture.Size;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Optional;

/**
 * FluxKontextPipeline and FluxKontextInpaintPipeline: a picture's tokens stand behind those that
 * are drawn. Its latents are the likeliest ones, so it uses up no noise.
 */
final class Kontexts {
  private Kontexts() {}

  static Plan plan(Session s, Kontext call) {
    if (call.image().isEmpty()) {
      return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), s.trueCfg());
    }
    Images image = call.image().get();
    NDArray reference = s.tiled(s.likeliest(reference(s, image, call.autoResize())), "image");
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(s.grid(), grid(reference)), s.trueCfg())
        .beside(LatentGrid.pack(reference));
  }

  static Plan plan(Session s, KontextInpaint call) {
    Optional<CropRegion> crop = Inpainting.crop(s, call.mask(), call.paddingMaskCrop());
    Images resized = s.images().resize(call.image(), s.height(), s.width());
    Floats pixels = Inpainting.preprocess(s.images(), resized, s, crop);
    Schedule schedule = s.schedule(call.strength());
    NDArray image = s.likeliest(pixels);
    Optional<Images> other =
        call.imageReference().filter(i -> !PictureCheck.isLatents(i, s.grid().channels()));
    NDArray reference =
        other
            .map(
                i ->
                    s.tiled(
                        s.likeliest(reference(s, i, call.autoResize(), crop)), "image_reference"))
            .orElseGet(() -> s.tiled(image, "image"));
    Inpainting.Start start = Inpainting.start(s, image, schedule);
    Floats mask = Inpainting.preprocess(s.masks(), call.mask(), s, crop);
    s.sampled(Inpainting.masked(pixels, mask)).close();
    // The old class crops but lays nothing over the picture: it returns what it drew.
    return Plan.of(start.latents(), schedule, s.rotary(s.grid(), grid(reference)), s.trueCfg())
        .beside(LatentGrid.pack(reference))
        .blending(start.blend(Inpainting.maskLatents(s, mask)));
  }

  private static Floats reference(Session s, Images image, boolean autoResize) {
    return reference(s, image, autoResize, Optional.empty());
  }

  /** Pixels of a reference at its own size, or at the one of Kontext's sizes that is nearest. */
  private static Floats reference(
      Session s, Images image, boolean autoResize, Optional<CropRegion> crop) {
    if (PictureCheck.isLatents(image, s.grid().channels())) {
      return ((Images.Values) image).tensor();
    }
    Size size = PictureCheck.reference(image, autoResize, s.images());
    Images resized = s.images().resize(image, size.height(), size.width());
    return crop.map(c -> s.images().preprocess(resized, size.height(), size.width(), c))
        .orElseGet(() -> s.images().preprocess(resized, size.height(), size.width()));
  }

  private static LatentGrid grid(NDArray latents) {
    return new LatentGrid(
        (int) latents.getShape().get(1),
        (int) latents.getShape().get(2) / 2,
        (int) latents.getShape().get(3) / 2);
  }
}
