package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * Flex.2: text to image, inpainting and control in one: the old {@code Flex2Pipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.text-to-image} and its siblings, by what the call brings along. Loads nothing
 * until the first local call. Everything else is said at {@link DiffusionPipeline}.
 */
public final class FlexPipeline extends DiffusionPipeline<FlexArguments> {

  private FlexPipeline(Loaded loaded) {
    super(loaded, new FlexArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FlexPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FlexPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FlexPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FlexPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FlexPipeline(
        Loaded.of(Pipeline.FLEX, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FlexPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FlexPipeline fromPipe(DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FlexPipeline(pipeline.loaded().shared(Pipeline.FLEX, keywords));
  }

  @Override
  public FlexPipeline to(String device) {
    move(device);
    return this;
  }
}
