package dev.fluxbridge.pipelines;

import java.util.Map;

/**
 * Names a pipeline by its task, as old callers did: for FLUX, image to image is {@link
 * FluxImg2ImgPipeline}. Stateless.
 */
public final class AutoPipelineForImage2Image {
  private AutoPipelineForImage2Image() {}

  /** See {@link FluxImg2ImgPipeline#fromPretrained(String)}. */
  public static FluxImg2ImgPipeline fromPretrained(String pretrainedModelNameOrPath) {
    return FluxImg2ImgPipeline.fromPretrained(pretrainedModelNameOrPath);
  }

  /** See {@link FluxImg2ImgPipeline#fromPretrained(String, Map)}. */
  public static FluxImg2ImgPipeline fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    return FluxImg2ImgPipeline.fromPretrained(pretrainedModelNameOrPath, keywords);
  }

  /** See {@link FluxImg2ImgPipeline#fromPipe(DiffusionPipeline)}. */
  public static FluxImg2ImgPipeline fromPipe(DiffusionPipeline<?> pipeline) {
    return FluxImg2ImgPipeline.fromPipe(pipeline);
  }
}
