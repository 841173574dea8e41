package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The embedded checkpoint draws what captions say that it never saw, at the default call. */
class HeldOutDrawingTest {
  private static final int LEAST_RIGHT = 90;

  private record Outcome(boolean right, String told) {}

  @Test
  void drawsNinetyOfAHundredHeldOutPromptsRight() throws Exception {
    List<JsonNode> scenes = new ArrayList<>();
    Golden.json("held-out.json").forEach(scenes::add);
    assertThat(scenes).hasSize(100);
    long started = System.nanoTime();
    List<Outcome> outcomes = new ArrayList<>();
    int half = scenes.size() / 2;
    try (FluxEngine other = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      CompletableFuture<List<Outcome>> second =
          CompletableFuture.supplyAsync(() -> drawn(other, scenes.subList(half, scenes.size())));
      outcomes.addAll(drawn(EmbeddedEngine.ENGINE, scenes.subList(0, half)));
      outcomes.addAll(second.get());
    }
    long right = outcomes.stream().filter(Outcome::right).count();
    JsonNode diffusers = Golden.json("held-out-by-diffusers.json");
    System.out.printf(
        "held out: Java %d of %d, diffusers %d of %d, in %.0f s%n",
        right,
        scenes.size(),
        diffusers.path("right").asInt(),
        diffusers.path("of").asInt(),
        (System.nanoTime() - started) / 1e9);
    outcomes.stream().filter(o -> !o.right).forEach(o -> System.out.println("missed: " + o.told));
    assertThat(right).isGreaterThanOrEqualTo(LEAST_RIGHT);
  }

  private static List<Outcome> drawn(FluxEngine engine, List<JsonNode> scenes) {
    List<Outcome> outcomes = new ArrayList<>();
    for (JsonNode scene : scenes) {
      TextToImage call =
          SmallCalls.of(
              List.of(Prompt.of(scene.path("prompt").asText())),
              64,
              64,
              28,
              List.of(Noise.of(scene.path("seed").asLong())),
              Optional.empty(),
              512,
              true);
      ShapeJudge.Verdict verdict =
          ShapeJudge.judge(rgb(engine.draw(call, StepWatcher.NONE).pictures().get(0)));
      boolean right =
          verdict.agrees(
              scene.path("colour").asText(),
              scene.path("shape").asText(),
              scene.path("background").asText());
      outcomes.add(new Outcome(right, scene.path("prompt").asText() + " -> " + verdict));
    }
    return outcomes;
  }

  /** Planes of 0 to 1 to one number for each pixel, rounded as numpy does. */
  private static int[] rgb(Floats picture) {
    float[] values = picture.values();
    int[] rgb = new int[values.length / 3];
    for (int i = 0; i < rgb.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        rgb[i] = (rgb[i] << 8) | (int) Math.rint(values[channel * rgb.length + i] * 255);
      }
    }
    return rgb;
  }
}
