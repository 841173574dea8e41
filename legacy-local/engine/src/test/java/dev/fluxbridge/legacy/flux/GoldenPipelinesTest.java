package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.DerivedCheckpoint;
import dev.fluxbridge.legacy.GoldenCases;
import dev.fluxbridge.legacy.array.Floats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Same call, same seed, same picture as the Python classes in float32, pipeline by pipeline; and a
 * changed call moves the picture as far as it moved theirs. tools/reference/pipelines.py made the
 * numbers; GoldenInputsTest shows that both start from the same weights and pictures.
 */
class GoldenPipelinesTest {
  /** float32; a second thread alone moves the reference by up to 1e-5. */
  private static final float WITHIN = 2e-4f;

  /** One value of a picture of 8 bits, which is what padding_mask_crop returns. */
  private static final float ONE_OF_255 = 1.001f / 255;

  private static final Map<String, FluxEngine> ENGINES = new LinkedHashMap<>();
  private static final Map<String, Difference> WORST = new LinkedHashMap<>();

  /** The largest difference of latents and of pixels. */
  private record Difference(float latents, float pixels) {
    Difference max(Difference other) {
      return new Difference(Math.max(latents, other.latents), Math.max(pixels, other.pixels));
    }
  }

  /** Packed latents after the last step, and what the call returned. */
  record Drawn(Floats latents, Floats pixels, int steps) {}

  @AfterAll
  static void tellTheWorst() {
    ENGINES.values().forEach(FluxEngine::close);
    ENGINES.clear();
    WORST.forEach(
        (pipeline, worst) ->
            System.out.printf(
                "GOLDEN MAX %-30s latents %.2e pixels %.2e (%.3f of 1/255)%n",
                pipeline, worst.latents, worst.pixels, worst.pixels * 255));
  }

  @TestFactory
  Stream<DynamicContainer> drawsWhatThePythonClassDraws() {
    return GoldenCases.PIPELINES.stream().map(p -> DynamicContainer.dynamicContainer(p, cases(p)));
  }

  @TestFactory
  Stream<DynamicContainer> aChangedCallMovesThePictureAsFarAsInPython() {
    return GoldenCases.PIPELINES.stream()
        .map(p -> DynamicContainer.dynamicContainer(p, changed(p)));
  }

  private static Stream<DynamicTest> cases(String pipeline) {
    return listed(pipeline)
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> check(pipeline, c)));
  }

  private static Stream<DynamicTest> changed(String pipeline) {
    return listed(pipeline)
        .filter(c -> c.has("changed"))
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> checkMove(pipeline, c)));
  }

  private static Stream<JsonNode> listed(String pipeline) {
    JsonNode cases = GoldenCases.manifest(pipeline).path("cases");
    assertThat(cases).as("cases of " + pipeline).hasSizeGreaterThanOrEqualTo(3);
    return StreamSupport.stream(cases.spliterator(), false);
  }

  private static void check(String pipeline, JsonNode golden) {
    Drawn drawn = draw(pipeline, golden, golden.path("arguments"), golden.path("seed"));
    float[] latents = GoldenCases.tensor(pipeline, golden, "latents");
    float[] pixels = GoldenCases.tensor(pipeline, golden, "pixels");
    assertThat(drawn.steps).as("steps").isEqualTo(golden.path("steps_run").asInt());
    assertThat(drawn.pixels.shape()).as("shape of the pixels").isEqualTo(shape(golden, "pixels"));
    Difference found =
        new Difference(
            largestDifference(drawn.latents.values(), latents),
            largestDifference(drawn.pixels.values(), pixels));
    System.out.printf(
        "golden %-30s %-38s latents %.2e pixels %.2e%n",
        pipeline, golden.path("name").asText(), found.latents, found.pixels);
    WORST.merge(pipeline, found, Difference::max);
    assertThat(found.latents).as("largest difference of latents").isLessThanOrEqualTo(WITHIN);
    assertThat(found.pixels)
        .as("largest difference of pixels")
        .isLessThanOrEqualTo(
            golden.path("arguments").has("padding_mask_crop") ? ONE_OF_255 : WITHIN);
  }

  /** The recorded distance is much more than the tolerance, so the goldens would notice. */
  private static void checkMove(String pipeline, JsonNode golden) {
    ObjectNode arguments = golden.path("arguments").deepCopy();
    arguments.setAll((ObjectNode) golden.path("changed").deepCopy());
    JsonNode seed = golden.path("changed").path("seed");
    JsonNode nets = golden.path("changed").has("controlnets") ? golden.path("changed") : golden;
    Drawn drawn =
        draw(pipeline, nets, arguments, seed.isMissingNode() ? golden.path("seed") : seed);
    float latents =
        largestDifference(drawn.latents.values(), GoldenCases.tensor(pipeline, golden, "latents"));
    double recorded = golden.path("moves").path("latents").asDouble();
    assertThat(recorded).as("what Python's latents moved").isGreaterThan(100 * WITHIN);
    assertThat((double) latents).isBetween(recorded - 2 * WITHIN, recorded + 2 * WITHIN);
  }

  private static Drawn draw(String pipeline, JsonNode nets, JsonNode arguments, JsonNode seed) {
    FluxEngine engine =
        ENGINES.computeIfAbsent(
            GoldenCases.manifest(pipeline).path("checkpoint").asText(),
            kind -> FluxEngine.load(DerivedCheckpoint.folder(kind)));
    return draw(engine, pipeline, nets, arguments, seed);
  }

  /** Draws a golden call with an engine over the pipeline's checkpoint. */
  static Drawn draw(
      FluxEngine engine, String pipeline, JsonNode nets, JsonNode arguments, JsonNode seed) {
    JsonNode kinds = nets.path("controlnets");
    loadControlNets(engine, kinds);
    LastStep last = new LastStep();
    Drawing drawing = engine.draw(OldCall.of(pipeline, arguments, seed, kinds.isArray()), last);
    return new Drawn(last.latents, joined(drawing.pictures()), last.steps);
  }

  private static void loadControlNets(FluxEngine engine, JsonNode kinds) {
    if (!kinds.isMissingNode()) {
      Stream<JsonNode> each =
          kinds.isArray() ? StreamSupport.stream(kinds.spliterator(), false) : Stream.of(kinds);
      engine.loadControlNets(each.map(kind -> DerivedCheckpoint.folder(kind.asText())).toList());
    }
  }

  /** Keeps what the Python side kept in its callback. */
  private static final class LastStep implements StepWatcher {
    private Floats latents = Floats.of(new float[0], 0);
    private int steps;

    @Override
    public Map<String, Floats> stepped(Step step) {
      latents = step.latents();
      steps++;
      return Map.of();
    }
  }

  private static List<Integer> shape(JsonNode golden, String name) {
    return StreamSupport.stream(golden.path("tensors").path(name).spliterator(), false)
        .map(JsonNode::asInt)
        .toList();
  }

  private static Floats joined(List<Floats> pictures) {
    List<Integer> one = pictures.get(0).shape();
    int each = pictures.get(0).values().length;
    float[] all = new float[each * pictures.size()];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i).values(), 0, all, i * each, each);
    }
    return Floats.of(all, pictures.size(), one.get(0), one.get(1), one.get(2));
  }

  static float largestDifference(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    float largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
    }
    return largest;
  }
}
