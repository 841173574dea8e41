package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * Flex.2 under its old name: the same as {@link FlexPipeline}: the old {@code Flex2Pipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.text-to-image}. Loads nothing until the first local call. Everything else is
 * said at {@link DiffusionPipeline}.
 */
public final class Flex2Pipeline extends DiffusionPipeline<FlexArguments> {

  private Flex2Pipeline(Loaded loaded) {
    super(loaded, new FlexArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static Flex2Pipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static Flex2Pipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static Flex2Pipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static Flex2Pipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new Flex2Pipeline(
        Loaded.of(Pipeline.FLEX, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static Flex2Pipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static Flex2Pipeline fromPipe(DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new Flex2Pipeline(pipeline.loaded().shared(Pipeline.FLEX, keywords));
  }

  @Override
  public Flex2Pipeline to(String device) {
    move(device);
    return this;
  }
}
