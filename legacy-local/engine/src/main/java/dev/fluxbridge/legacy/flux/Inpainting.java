package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.CropRegion;
import dev.fluxbridge.legacy.picture.ImageProcessor;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.legacy.picture.Planes;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Optional;

/**
 * FluxInpaintPipeline and FluxControlInpaintPipeline: the unmasked part is put back after every
 * step.
 *
 * <p>Both draw a posterior of the masked picture, and use it for nothing: it stands here for its
 * place in the order of draws.
 */
final class Inpainting {
  private Inpainting() {}

  static Plan plan(Session s, Inpaint call) {
    Optional<CropRegion> crop = crop(s, call.mask(), call.paddingMaskCrop());
    Floats pixels = preprocess(s.images(), call.image(), s, crop);
    Schedule schedule = s.schedule(call.strength());
    Start start = start(s, s.sampled(pixels), schedule);
    Floats mask = preprocess(s.masks(), call.mask(), s, crop);
    s.sampled(call.maskedImageLatents().orElseGet(() -> masked(pixels, mask))).close();
    Plan plan =
        Plan.of(start.latents, schedule, s.rotary(), s.trueCfgOfTexts())
            .blending(start.blend(maskLatents(s, mask)));
    return crop.map(c -> plan.finished(p -> overlaid(s, call.image(), call.mask(), p, c)))
        .orElse(plan);
  }

  static Plan plan(Session s, ControlInpaint call) {
    Floats pixels = s.pixels(call.image());
    Floats mask = s.masks().preprocess(call.mask(), s.height(), s.width());
    s.sampled(masked(pixels, mask)).close();
    Schedule schedule = s.schedule(call.strength());
    NDArray control = Pipelines.controlLatents(s, call.controlImage());
    Start start = start(s, s.sampledPixels(pixels), schedule);
    return Plan.of(start.latents, schedule, s.rotary(), Optional.empty())
        .showing(control)
        .blending(start.blend(maskLatents(s, mask)));
  }

  /** A picture's latents, the noise it is mixed with, and both mixed for the first step, packed. */
  record Start(NDArray image, NDArray noise, NDArray latents) {
    Blend blend(Shown mask) {
      return new Blend(mask, image, noise);
    }
  }

  /** The call's own latents are noise, and what it starts from. */
  static Start start(Session s, NDArray imageLatents, Schedule schedule) {
    NDArray image = LatentGrid.pack(s.tiled(imageLatents, "image"));
    Optional<Floats> given = s.sampling().latents();
    if (given.isPresent()) {
      NDArray noise = LatentGrid.pack(s.array(given.get()));
      return new Start(image, noise, noise.duplicate());
    }
    NDArray noise = LatentGrid.pack(s.noise());
    return new Start(image, noise, schedule.scaleNoise(image, noise, 0));
  }

  /** The region around the mask to which everything is cropped. */
  static Optional<CropRegion> crop(Session s, Images mask, Optional<Integer> padding) {
    return padding.map(p -> ImageProcessor.cropRegion(bitmap(mask), s.width(), s.height(), p));
  }

  static Floats preprocess(
      ImageProcessor processor, Images image, Session s, Optional<CropRegion> crop) {
    return crop.map(c -> processor.preprocess(image, s.height(), s.width(), c))
        .orElseGet(() -> processor.preprocess(image, s.height(), s.width()));
  }

  /** The picture with its masked part at 0, in the middle of the range. */
  static Floats masked(Floats pixels, Floats mask) {
    int planes = pixels.shape().get(1);
    int plane = mask.values().length / mask.shape().get(0);
    float[] values = pixels.values().clone();
    for (int i = 0; i < values.length; i++) {
      int picture = i / (planes * plane) % mask.shape().get(0);
      if (mask.values()[picture * plane + i % plane] >= 0.5f) {
        values[i] = 0;
      }
    }
    return Floats.of(values, pixels.shape().stream().mapToInt(Integer::intValue).toArray());
  }

  /** The mask at the size of the latents, for each of their features, shape (B, S, 64). */
  static Shown maskLatents(Session s, Floats mask) {
    Floats small = Planes.nearest(mask, s.grid().height(), s.grid().width());
    int found = small.shape().get(0);
    if (found > s.batch() || s.batch() % found != 0) {
      throw new IllegalArgumentException(
          ("The passed mask and the required batch size don't match. Masks are supposed to be"
                  + " duplicated to a total batch size of %d, but %d masks were passed. Make sure"
                  + " the number of masks that you pass is divisible by the total requested batch"
                  + " size.")
              .formatted(s.batch(), found));
    }
    long[] times = {s.batch() / found, s.grid().channels(), 1, 1};
    return new Shown(LatentGrid.pack(s.array(small).tile(times)));
  }

  /** The drawn crop, laid over the caller's picture where the mask is white. */
  static Floats overlaid(Session s, Images image, Images mask, Floats picture, CropRegion crop) {
    Bitmap whole =
        s.images()
            .applyOverlay(
                bitmap(mask),
                bitmap(image),
                ImageProcessor.postprocess(picture),
                Optional.of(crop));
    int plane = whole.width() * whole.height();
    float[] values = new float[3 * plane];
    for (int i = 0; i < values.length; i++) {
      values[i] = (whole.pixels()[i % plane * 3 + i / plane] & 0xff) / 255f;
    }
    return Floats.of(values, 3, whole.height(), whole.width());
  }

  private static Bitmap bitmap(Images image) {
    if (image instanceof Images.Bitmaps pictures) {
      return pictures.bitmaps().get(0);
    }
    throw new IllegalArgumentException("The image should be a PIL image when inpainting mask crop");
  }
}
