package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.Map;

/**
 * FLUX text-to-image: the old {@code FluxPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.text-to-image}. Loads nothing until the first local call. Everything else is
 * said at {@link DiffusionPipeline}.
 *
 * <pre>{@code
 * FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");
 * BufferedImage picture =
 *     pipe.call(new FluxArguments().prompt("a red circle").generator(new Generator().manualSeed(7))).images().get(0);
 * }</pre>
 */
public final class FluxPipeline extends DiffusionPipeline<FluxArguments> {

  private FluxPipeline(Loaded loaded) {
    super(loaded, new FluxArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   */
  public static FluxPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense
   */
  public static FluxPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxPipeline(
        Loaded.of(Pipeline.FLUX, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxPipeline fromPipe(DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxPipeline(pipeline.loaded().shared(Pipeline.FLUX, keywords));
  }

  @Override
  public FluxPipeline to(String device) {
    move(device);
    return this;
  }
}
