package com.example.posters;

import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.FluxPipelineOutput;
import dev.fluxbridge.pipelines.Generator;

/** Old code. It draws posters as it always did, and knows nothing of flags, roads or goldens. */
public final class Posters {
  private final FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev");

  public FluxPipelineOutput sunrise() {
    return draw("a large red circle at the left of a white background");
  }

  public FluxPipelineOutput night() {
    return draw("a large yellow circle at the right of a black background");
  }

  private FluxPipelineOutput draw(String prompt) {
    return pipe.call(
        new FluxArguments()
            .prompt(prompt)
            .height(64)
            .width(64)
            .numInferenceSteps(28)
            .guidanceScale(3.5)
            .generator(new Generator().manualSeed(42)));
  }
}
