package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.DerivedCheckpoint;
import dev.fluxbridge.legacy.GoldenCases;
import dev.fluxbridge.legacy.flux.GoldenPipelinesTest.Drawn;
import dev.fluxbridge.legacy.kernels.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same as {@link GoldenPipelinesTest} in bfloat16 and in float16 from the noise to the picture,
 * on the CPU: the same draws, the same roundings between the operators.
 */
class GoldenHalfPrecisionTest {
  /**
   * Mean differences: single numbers of a picture hang on roundings that another order of sums
   * turns over. A pixel's is in 0 to 1, of which bfloat16 can tell 256 apart and float16 2048.
   */
  private record Tolerance(double latents, double pixels) {}

  private static final Tolerance BFLOAT16 = new Tolerance(4e-2, 1.0 / 255);
  private static final Tolerance FLOAT16 = new Tolerance(5e-3, 1.0 / 2048);

  private static final Map<String, FluxEngine> ENGINES = new LinkedHashMap<>();

  @AfterAll
  static void close() {
    ENGINES.values().forEach(FluxEngine::close);
    ENGINES.clear();
  }

  @TestFactory
  Stream<DynamicContainer> drawsWhatThePythonClassDrawsInBfloat16() {
    return pipelines(Precision.BFLOAT16);
  }

  @TestFactory
  Stream<DynamicContainer> drawsWhatThePythonClassDrawsInFloat16() {
    return pipelines(Precision.FLOAT16);
  }

  private static Stream<DynamicContainer> pipelines(Precision precision) {
    return Stream.concat(Stream.of("FluxPipeline"), GoldenCases.PIPELINES.stream())
        .map(p -> DynamicContainer.dynamicContainer(p, cases(precision, p)));
  }

  private static Stream<DynamicTest> cases(Precision precision, String pipeline) {
    JsonNode manifest = GoldenCases.manifest(precision, pipeline);
    return StreamSupport.stream(manifest.path("cases").spliterator(), false)
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.path("name").asText(), () -> check(precision, pipeline, c)));
  }

  private static void check(Precision precision, String pipeline, JsonNode golden) {
    Drawn drawn = draw(precision, pipeline, golden, golden.path("arguments"), golden.path("seed"));
    float[] latents = GoldenCases.tensor(precision, pipeline, golden, "latents");
    float[] pixels = GoldenCases.tensor(precision, pipeline, golden, "pixels");
    Tolerance within = precision == Precision.BFLOAT16 ? BFLOAT16 : FLOAT16;
    double mean = meanDifference(drawn.latents().values(), latents);
    System.out.printf(
        "golden %s %-30s %-33s latents %.2e, mean %.2e; pixels %.2e, mean %.2e%n",
        precision,
        pipeline,
        golden.path("name").asText(),
        GoldenPipelinesTest.largestDifference(drawn.latents().values(), latents),
        mean,
        GoldenPipelinesTest.largestDifference(drawn.pixels().values(), pixels),
        meanDifference(drawn.pixels().values(), pixels));
    assertThat(mean).as("mean difference of latents").isLessThan(within.latents);
    assertThat(meanDifference(drawn.pixels().values(), pixels))
        .as("mean difference of pixels")
        .isLessThan(within.pixels);
    // Some changes move the picture by less than bfloat16 can tell from its own roundings.
    if (golden.path("moves").path("latents").asDouble() > 0.25) {
      ObjectNode arguments = golden.path("arguments").deepCopy();
      arguments.setAll((ObjectNode) golden.path("changed").deepCopy());
      JsonNode seed = golden.path("changed").path("seed");
      JsonNode nets = golden.path("changed").has("controlnets") ? golden.path("changed") : golden;
      Drawn other =
          draw(
              precision,
              pipeline,
              nets,
              arguments,
              seed.isMissingNode() ? golden.path("seed") : seed);
      assertThat(meanDifference(other.latents().values(), latents))
          .as("mean difference of a changed call")
          .isGreaterThan(3 * mean);
    }
  }

  private static Drawn draw(
      Precision precision, String pipeline, JsonNode nets, JsonNode arguments, JsonNode seed) {
    String kind = GoldenCases.manifest(precision, pipeline).path("checkpoint").asText();
    FluxEngine engine =
        ENGINES.computeIfAbsent(
            precision + kind,
            k ->
                FluxEngine.load(
                    DerivedCheckpoint.folder(kind), new EngineOptions("cpu", precision, false)));
    return GoldenPipelinesTest.draw(engine, pipeline, nets, arguments, seed);
  }

  private static double meanDifference(float[] found, float[] wanted) {
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += Math.abs(found[i] - wanted[i]);
    }
    return sum / found.length;
  }
}
