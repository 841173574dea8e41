package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * FLUX Fill: inpainting and outpainting with weights that see picture and mask: the old {@code
 * FluxFillPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.inpaint}. Loads nothing until the first local call. Everything else is said at
 * {@link DiffusionPipeline}.
 */
public final class FluxFillPipeline extends DiffusionPipeline<FluxFillArguments> {

  private FluxFillPipeline(Loaded loaded) {
    super(loaded, new FluxFillArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FluxFillPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxFillPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FluxFillPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxFillPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxFillPipeline(
        Loaded.of(Pipeline.FILL, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxFillPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxFillPipeline fromPipe(DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxFillPipeline(pipeline.loaded().shared(Pipeline.FILL, keywords));
  }

  @Override
  public FluxFillPipeline to(String device) {
    move(device);
    return this;
  }
}
