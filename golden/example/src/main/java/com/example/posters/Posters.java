package com.example.posters;

import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.FluxPipelineOutput;
import dev.fluxbridge.pipelines.Generator;
import java.util.HashMap;
import java.util.Map;

/** Old code. It draws posters as it always did, and knows nothing of flags, roads or goldens. */
public final class Posters {
  public static final Map<String, Object> SUNRISE =
      poster("a large red circle at the left of a white background");
  public static final Map<String, Object> NIGHT =
      poster("a large yellow circle at the right of a black background");

  private final FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");

  private static Map<String, Object> poster(String prompt) {
    return Map.of(
        "prompt", prompt,
        "height", 64,
        "width", 64,
        "num_inference_steps", 28,
        "guidance_scale", 3.5);
  }

  public FluxPipelineOutput draw(Map<String, Object> poster) {
    Map<String, Object> keywords = new HashMap<>(poster);
    keywords.put("generator", new Generator().manualSeed(42));
    return pipe.call(keywords);
  }
}
