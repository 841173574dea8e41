package dev.fluxbridge.pipelines;

import java.util.Map;

/**
 * Names a pipeline by its task, as old callers did: for FLUX, inpainting is {@link
 * FluxInpaintPipeline}. Stateless.
 */
public final class AutoPipelineForInpainting {
  private AutoPipelineForInpainting() {}

  /** See {@link FluxInpaintPipeline#fromPretrained(String)}. */
  public static FluxInpaintPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return FluxInpaintPipeline.fromPretrained(pretrainedModelNameOrPath);
  }

  /** See {@link FluxInpaintPipeline#fromPretrained(String, Map)}. */
  public static FluxInpaintPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return FluxInpaintPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
  }

  /** See {@link FluxInpaintPipeline#fromPipe(DiffusionPipeline)}. */
  public static FluxInpaintPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return FluxInpaintPipeline.fromPipe(pipeline);
  }
}
