package dev.fluxbridge.pipelines;

import java.util.Map;

/**
 * Names a pipeline by its task, as old callers did: for FLUX, text to image is {@link
 * FluxPipeline}. Stateless.
 */
public final class AutoPipelineForText2Image {
  private AutoPipelineForText2Image() {}

  /** See {@link FluxPipeline#fromPretrained(String)}. */
  public static FluxPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return FluxPipeline.fromPretrained(pretrainedModelNameOrPath);
  }

  /** See {@link FluxPipeline#fromPretrained(String, Map)}. */
  public static FluxPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return FluxPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
  }

  /** See {@link FluxPipeline#fromPipe(DiffusionPipeline)}. */
  public static FluxPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return FluxPipeline.fromPipe(pipeline);
  }
}
