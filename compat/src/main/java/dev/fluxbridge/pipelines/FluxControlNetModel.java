package dev.fluxbridge.pipelines;

import java.util.Map;

/**
 * Names a ControlNet for the pipelines that take one. It loads nothing: the road that draws does.
 * Immutable, safe for use by several threads.
 */
public final class FluxControlNetModel {
  private final String source;

  private FluxControlNetModel(String source) {
    this.source = source;
  }

  /**
   * A ControlNet by an old model id or a folder.
   *
   * @param pretrainedModelNameOrPath for example {@code InstantX/FLUX.1-dev-Controlnet-Union}
   */
  public static FluxControlNetModel fromPretrained(String pretrainedModelNameOrPath) {
    return new FluxControlNetModel(pretrainedModelNameOrPath);
  }

  /** The same; the old keywords say how it was loaded, which is the road's own business now. */
  public static FluxControlNetModel fromPretrained(
      String pretrainedModelNameOrPath, Map<String, ?> keywords) {
    LoadingKeywords.read("FluxControlNetModel", keywords);
    return fromPretrained(pretrainedModelNameOrPath);
  }

  String source() {
    return source;
  }

  /** The net as it was named. */
  @Override
  public String toString() {
    return "FluxControlNetModel[" + source + "]";
  }
}
