package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler.Schedule;
import java.util.Collections;
import java.util.Optional;

/**
 * What each old pipeline does before its first step. The order of draws is the old one: posterior
 * samples and noise come from the same generators, so another order is another picture.
 *
 * <p>Source: diffusers 0.35, pipelines/flux, the method __call__ of each class.
 */
final class Pipelines {
  private Pipelines() {}

  static Plan plan(Session s, Call call) {
    if (call instanceof TextToImage) {
      return textToImage(s);
    } else if (call instanceof DeDistilled) {
      return deDistilled(s);
    } else if (call instanceof ImageToImage c) {
      return imageToImage(s, c);
    } else if (call instanceof Inpaint c) {
      return Inpainting.plan(s, c);
    } else if (call instanceof Fill c) {
      return Filling.plan(s, c);
    } else if (call instanceof Control c) {
      return control(s, c);
    } else if (call instanceof ControlImageToImage c) {
      return controlImageToImage(s, c);
    } else if (call instanceof ControlInpaint c) {
      return Inpainting.plan(s, c);
    } else if (call instanceof Kontext c) {
      return Kontexts.plan(s, c);
    } else if (call instanceof KontextInpaint c) {
      return Kontexts.plan(s, c);
    } else if (call instanceof Flex c) {
      return Flexing.plan(s, c);
    } else if (call instanceof ControlNetTextToImage c) {
      return ControlNetting.plan(s, c);
    } else if (call instanceof ControlNetImageToImage c) {
      return ControlNetting.plan(s, c);
    } else if (call instanceof ControlNetInpaint c) {
      return ControlNetting.plan(s, c);
    }
    throw new IllegalArgumentException("no pipeline draws " + call.getClass().getSimpleName());
  }

  private static Plan textToImage(Session s) {
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), s.trueCfg());
  }

  private static Plan deDistilled(Session s) {
    Sampling sampling = s.sampling();
    Optional<Guidance> guidance = Optional.empty();
    if (sampling.guidanceScale() > 1) {
      var negative = sampling.negativePrompts();
      Sampling full =
          negative.size() > 1 || negative.size() == sampling.prompts().size()
              ? sampling
              : sampling
                  .with()
                  .negativePrompts(
                      Collections.nCopies(
                          sampling.prompts().size(),
                          negative.isEmpty() ? Sampling.Prompt.of("") : negative.get(0)))
                  .build();
      guidance =
          Conditioning.negative(s.parts(), s.own(), full)
              .map(n -> new Guidance(n, sampling.guidanceScale(), true));
    }
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), guidance);
  }

  private static Plan imageToImage(Session s, ImageToImage call) {
    Schedule schedule = s.schedule(call.strength());
    NDArray latents =
        call.sampling()
            .latents()
            .map(s::array)
            .orElseGet(() -> started(s, s.pixels(call.image()), schedule, true));
    return Plan.of(latents, schedule, s.rotary(), s.trueCfgOfTexts());
  }

  /**
   * Packed latents of a picture at the noise level of the first step: drawn are the posterior, then
   * the noise.
   *
   * @param mayBeLatents whether a picture with as many channels as latents is taken for latents
   */
  static NDArray started(Session s, Floats pixels, Schedule schedule, boolean mayBeLatents) {
    NDArray image = mayBeLatents ? s.sampled(pixels) : s.sampledPixels(pixels);
    NDArray tiled = s.tiled(image, "image");
    return LatentGrid.pack(schedule.scaleNoise(tiled, s.noise(), 0));
  }

  private static Plan control(Session s, Control call) {
    NDArray control = controlLatents(s, call.controlImage());
    return Plan.of(s.packedNoise(), s.schedule(), s.rotary(), Optional.empty()).showing(control);
  }

  private static Plan controlImageToImage(Session s, ControlImageToImage call) {
    Schedule schedule = s.schedule(call.strength());
    NDArray control = controlLatents(s, call.controlImage());
    NDArray latents =
        call.sampling()
            .latents()
            .map(s::array)
            .orElseGet(() -> started(s, s.pixels(call.image()), schedule, false));
    return Plan.of(latents, schedule, s.rotary(), Optional.empty()).showing(control);
  }

  /** Packed latents of a control image, drawn; three sides are latents that are packed already. */
  static NDArray controlLatents(Session s, Images image) {
    Floats pixels = s.control(image);
    return pixels.shape().size() == 3 ? s.array(pixels) : LatentGrid.pack(s.sampledPixels(pixels));
  }
}
