package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;

/**
 * FLUX image to image steered by ControlNets: the old {@code FluxControlNetImg2ImgPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.control}. Loads nothing until the first local call. Everything else is said at
 * {@link DiffusionPipeline}.
 */
public final class FluxControlNetImg2ImgPipeline
    extends DiffusionPipeline<FluxControlNetImg2ImgArguments> {

  private FluxControlNetImg2ImgPipeline(Loaded loaded) {
    super(loaded, new FluxControlNetImg2ImgArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   *
   * @throws IllegalArgumentException always, with the old text: a ControlNet must come along
   */
  public static FluxControlNetImg2ImgPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxControlNetImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /** The same with a ControlNet. */
  public static FluxControlNetImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, FluxControlNetModel controlnet) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of("controlnet", controlnet));
  }

  /** The same with several ControlNets, each of which looks at a control image of its own. */
  public static FluxControlNetImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, List<FluxControlNetModel> controlnets) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of("controlnet", controlnets));
  }

  /**
   * A pipeline with the old keywords.
   *
   * @param keywords by their old names: see {@link DiffusionPipeline}
   * @throws IllegalArgumentException for a keyword's value that makes no sense, and without a
   *     {@code controlnet}
   */
  public static FluxControlNetImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxControlNetImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxControlNetImg2ImgPipeline(
        Loaded.of(Pipeline.CONTROLNET_IMG2IMG, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxControlNetImg2ImgPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxControlNetImg2ImgPipeline fromPipe(
      DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxControlNetImg2ImgPipeline(
        pipeline.loaded().shared(Pipeline.CONTROLNET_IMG2IMG, keywords));
  }

  @Override
  public FluxControlNetImg2ImgPipeline to(String device) {
    move(device);
    return this;
  }
}
