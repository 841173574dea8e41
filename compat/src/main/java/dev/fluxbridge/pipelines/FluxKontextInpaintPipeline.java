package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * FLUX Kontext in a part of a picture: the old {@code FluxKontextInpaintPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.inpaint}. Loads nothing until the first local call. Everything else is said at
 * {@link DiffusionPipeline}.
 */
public final class FluxKontextInpaintPipeline
    extends DiffusionPipeline<FluxKontextInpaintArguments> {

  private FluxKontextInpaintPipeline(Loaded loaded) {
    super(loaded, new FluxKontextInpaintArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FluxKontextInpaintPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxKontextInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FluxKontextInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxKontextInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxKontextInpaintPipeline(
        Loaded.of(Pipeline.KONTEXT_INPAINT, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxKontextInpaintPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxKontextInpaintPipeline fromPipe(
      DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxKontextInpaintPipeline(
        pipeline.loaded().shared(Pipeline.KONTEXT_INPAINT, keywords));
  }

  @Override
  public FluxKontextInpaintPipeline to(String device) {
    move(device);
    return this;
  }
}
