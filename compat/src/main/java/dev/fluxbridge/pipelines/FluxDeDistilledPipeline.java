package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * FLUX text-to-image with de-distilled weights and a real negative prompt: the twin that Pallaidium
 * had, under the name FluxPipeline too: the old {@code FluxPipeline} of Pallaidium, here {@code
 * FluxDeDistilledPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.text-to-image}. Loads nothing until the first local call. Everything else is
 * said at {@link DiffusionPipeline}.
 */
public final class FluxDeDistilledPipeline extends DiffusionPipeline<FluxDeDistilledArguments> {

  private FluxDeDistilledPipeline(Loaded loaded) {
    super(loaded, new FluxDeDistilledArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FluxDeDistilledPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxDeDistilledPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FluxDeDistilledPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxDeDistilledPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxDeDistilledPipeline(
        Loaded.of(Pipeline.DE_DISTILLED, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxDeDistilledPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxDeDistilledPipeline fromPipe(
      DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxDeDistilledPipeline(pipeline.loaded().shared(Pipeline.DE_DISTILLED, keywords));
  }

  @Override
  public FluxDeDistilledPipeline to(String device) {
    move(device);
    return this;
  }
}
