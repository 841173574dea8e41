package dev.fluxbridge.golden.report;

import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.golden.GoldenAssert;
import dev.fluxbridge.golden.GoldenAssertions;
import dev.fluxbridge.golden.Origin;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder of results as the kit itself writes them, with a case of each kind. */
final class Gallery {
  private static final int SIDE = 256;
  private static final Origin LOCAL = Origin.of("local", "flux-dev").with("djl", "0.35.1");
  private static final Origin FAL =
      new Origin(
          "fal",
          "fal-ai/flux/dev",
          "",
          "hosted",
          Map.of(),
          List.of("req-0042"),
          List.of(42L),
          "flag",
          List.of("guidance EXACT"));

  private Gallery() {}

  static Lines write(Path folder) throws IOException {
    Path report = folder.resolve("report");
    List<@Nullable String> before = new ArrayList<>();
    Map<String, String> switches =
        Map.of(
            "golden.store", folder.resolve("goldens").toString(),
            "golden.report", report.toString(),
            "golden.device", "cpu-test");
    switches.forEach((name, value) -> before.add(System.setProperty(name, value)));
    try {
      compare();
    } finally {
      int i = 0;
      for (String name : switches.keySet()) {
        String value = before.get(i++);
        if (value == null) {
          System.clearProperty(name);
        } else {
          System.setProperty(name, value);
        }
      }
    }
    return new Lines(report);
  }

  private static void compare() {
    Bitmap dawn = Landscape.draw(3, SIDE);
    approve("dawn", dawn);
    approve("noon", Landscape.draw(1, SIDE));
    approve("dusk", Landscape.draw(2, SIDE));
    approve("valley", Landscape.draw(4, SIDE));
    approve("pair", Landscape.draw(5, SIDE));
    approve("ridge", Landscape.draw(6, 2 * SIDE, SIDE, 1.5));

    assertThat(dawn).from(LOCAL).matchesGolden("dawn");
    fails(assertThat(Landscape.draw(9, SIDE)).from(LOCAL), "noon");
    fails(assertThat(Landscape.swapped(Landscape.draw(2, SIDE))).from(LOCAL), "dusk");
    fails(assertThat(Landscape.draw(4, SIDE / 2)).from(LOCAL), "valley");
    fails(
        GoldenAssertions.assertThatFile(Bitmaps.jpeg(Landscape.draw(6, 2 * SIDE, SIDE, 1.5), 0.2))
            .from(LOCAL),
        "ridge");
    fails(assertThat(Landscape.draw(8, SIDE)).from(LOCAL), "never approved");
    fails(
        assertThat(Landscape.draw(5, SIDE, SIDE, 6))
            .from(FAL)
            .onRoad("local")
            .withThreshold(Metric.PERCEPTUAL_DISTANCE, 0.01),
        "pair");
    latents();
  }

  private static void approve(String name, Bitmap picture) {
    System.setProperty("golden.approve", "true");
    try {
      assertThat(picture).from(LOCAL).matchesGolden(name);
    } finally {
      System.clearProperty("golden.approve");
    }
  }

  private static void fails(GoldenAssert received, String name) {
    assertThatThrownBy(() -> received.matchesGolden(name)).isInstanceOf(AssertionError.class);
  }

  private static void latents() {
    float[] values = new float[64];
    float[] others = new float[64];
    for (int i = 0; i < 64; i++) {
      values[i] = (float) Math.sin(i);
      others[i] = values[i] + (i % 3 == 0 ? 0.4f : 0);
    }
    System.setProperty("golden.approve", "true");
    try {
      assertThat(Tensor.of(values, 1, 64)).from(LOCAL).matchesGolden("latents");
    } finally {
      System.clearProperty("golden.approve");
    }
    fails(assertThat(Tensor.of(others, 1, 64)).from(LOCAL), "latents");
  }
}
