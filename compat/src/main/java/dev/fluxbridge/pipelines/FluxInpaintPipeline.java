package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * FLUX inpainting by putting the rest of the picture back at every step: the old {@code
 * FluxInpaintPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.inpaint}. Loads nothing until the first local call. Everything else is said at
 * {@link DiffusionPipeline}.
 */
public final class FluxInpaintPipeline extends DiffusionPipeline<FluxInpaintArguments> {

  private FluxInpaintPipeline(Loaded loaded) {
    super(loaded, new FluxInpaintArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FluxInpaintPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FluxInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxInpaintPipeline(
        Loaded.of(Pipeline.INPAINT, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxInpaintPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxInpaintPipeline fromPipe(
      DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxInpaintPipeline(pipeline.loaded().shared(Pipeline.INPAINT, keywords));
  }

  @Override
  public FluxInpaintPipeline to(String device) {
    move(device);
    return this;
  }
}
