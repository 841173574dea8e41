package com.example.posters;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.golden.roads.GoldenRoads;
import java.util.Map;

/** Each test runs on the old road and on the new one, and both are held to the old road's golden. */
class PostersTest {
  @GoldenRoads({"local", "fal"})
  void sunrise() {
    isDrawnAsBefore(Posters.SUNRISE);
  }

  @GoldenRoads({"local", "fal"})
  void night() {
    isDrawnAsBefore(Posters.NIGHT);
  }

  private static void isDrawnAsBefore(Map<String, Object> poster) {
    assertThat(new Posters().draw(poster).result())
        .ofCall(poster)
        // A circle may lie a few pixels elsewhere: in so plain a picture that turns half of a hash.
        .ignoring(Metric.PHASH)
        .matchesGolden();
  }
}
