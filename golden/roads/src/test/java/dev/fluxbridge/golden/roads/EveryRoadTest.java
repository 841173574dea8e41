package dev.fluxbridge.golden.roads;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.golden.Golden;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.ImageResult;

/**
 * One old call on every road: the engine with the tiny checkpoint, and both providers as {@link
 * CommittedRecordingsTest} recorded them.
 */
@Golden
class EveryRoadTest {
  static ImageResult redCircle(Fluxbridge road) {
    return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road)
        .call(
            new FluxArguments()
                .prompt("a large red circle at the left of a white background")
                .height(64)
                .width(64)
                .numInferenceSteps(8)
                .guidanceScale(3.5)
                .maxSequenceLength(32)
                .generator(new Generator().manualSeed(7)))
        .result();
  }

  @GoldenRoads(
      value = {"local", "fal", "openai"},
      settings = "fluxbridge.local.checkpoint=embedded")
  void aRedCircle(Fluxbridge road) {
    // OpenAI draws nothing as small as that.
    assertThat(redCircle(road)).inAnySize().matchesGolden();
  }

  /** The same comparison outside of the test. */
  static void holdToTheLocalGolden(ImageResult drawn) {
    assertThat(drawn).inAnySize().onRoad("local").matchesGolden("aRedCircle");
  }
}
