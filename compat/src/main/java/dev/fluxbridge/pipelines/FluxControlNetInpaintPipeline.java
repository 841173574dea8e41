package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;

/**
 * FLUX inpainting steered by ControlNets: the old {@code FluxControlNetInpaintPipeline}.
 *
 * <p>The call is the old one; a flag decides, call by call, which road draws it: {@code
 * fluxbridge.route.inpaint}. Loads nothing until the first local call. Everything else is said at
 * {@link DiffusionPipeline}.
 */
public final class FluxControlNetInpaintPipeline
    extends DiffusionPipeline<FluxControlNetInpaintArguments> {

  private FluxControlNetInpaintPipeline(Loaded loaded) {
    super(loaded, new FluxControlNetInpaintArguments());
  }

  /**
   * A pipeline for an old model id or a checkpoint folder, on the roads that this process is set up
   * with.
   *
   * @throws IllegalArgumentException always, with the old text: a ControlNet must come along
   */
  public static FluxControlNetInpaintPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of());
  }

  /** The same, on roads of your own. */
  public static FluxControlNetInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Fluxbridge fluxbridge) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of(), fluxbridge);
  }

  /** The same with a ControlNet. */
  public static FluxControlNetInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, FluxControlNetModel controlnet) {
    return fromPretrained(pretrainedModelNameOrPath, Map.of("controlnet", controlnet));
  }

  /** The same with several ControlNets, each of which looks at a control image of its own. */
  public static FluxControlNetInpaintPipeline fromPretrained(
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
  public static FluxControlNetInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return fromPretrained(pretrainedModelNameOrPath, keywords, Fluxbridge.standard());
  }

  /** The same, on roads of your own. */
  public static FluxControlNetInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords, Fluxbridge fluxbridge) {
    return new FluxControlNetInpaintPipeline(
        Loaded.of(Pipeline.CONTROLNET_INPAINT, pretrainedModelNameOrPath, keywords, fluxbridge));
  }

  /** A pipeline that shares everything that another one has loaded. */
  public static FluxControlNetInpaintPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return fromPipe(pipeline, Map.of());
  }

  /** The same, with components of its own by their old keywords. */
  public static FluxControlNetInpaintPipeline fromPipe(
      DiffusionPipeline<?> pipeline, Map<String, ?> keywords) {
    return new FluxControlNetInpaintPipeline(
        pipeline.loaded().shared(Pipeline.CONTROLNET_INPAINT, keywords));
  }

  @Override
  public FluxControlNetInpaintPipeline to(String device) {
    move(device);
    return this;
  }
}
