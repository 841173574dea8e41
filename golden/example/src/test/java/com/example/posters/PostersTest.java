package com.example.posters;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.roads.GoldenRoads;
import dev.fluxbridge.pipelines.FluxPipelineOutput;

/** Each test runs on the old road and on the new one, and both are held to the old road's golden. */
class PostersTest {
  @GoldenRoads({"local", "fal"})
  void sunrise() {
    isAsItWas(new Posters().sunrise());
  }

  @GoldenRoads({"local", "fal"})
  void night() {
    isAsItWas(new Posters().night());
  }

  /** A circle may lie a few pixels elsewhere, and in so plain a picture that turns half of a hash. */
  private static void isAsItWas(FluxPipelineOutput drawn) {
    assertThat(drawn.result()).ignoring(Metric.PHASH).matchesGolden();
  }
}
