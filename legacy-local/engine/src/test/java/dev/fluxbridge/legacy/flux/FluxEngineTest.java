package dev.fluxbridge.legacy.flux;

import static dev.fluxbridge.legacy.flux.EmbeddedEngine.ENGINE;
import static dev.fluxbridge.legacy.flux.SmallCalls.CIRCLE;
import static dev.fluxbridge.legacy.flux.SmallCalls.CROSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.legacy.DerivedCheckpoint;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Sampling.Embeddings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FluxEngineTest {
  private static final float NOISE = 2e-5f;

  @Test
  void drawsTheSameTwice() {
    assertThat(pixels(SmallCalls.of(3))).containsExactly(pixels(SmallCalls.of(3)));
  }

  @Test
  void drawsPixelsBetweenZeroAndOne() {
    Drawing drawing = ENGINE.draw(SmallCalls.of(3), StepWatcher.NONE);
    assertThat(drawing.decoded()).isTrue();
    assertThat(drawing.pictures().get(0).shape()).containsExactly(3, 32, 32);
    for (float value : drawing.pictures().get(0).values()) {
      assertThat(value).isBetween(0f, 1f);
    }
  }

  @Test
  void drawsSomethingElseEveryTimeWithoutANoise() {
    TextToImage call = SmallCalls.of(List.of(CROSS), 1, List.of(), true);
    assertThat(pixels(call)).isNotEqualTo(pixels(call));
    assertThat(ENGINE.draw(call, StepWatcher.NONE).drawn()).isEmpty();
  }

  @Test
  void floorsTheSizeToWholeTokens() {
    TextToImage call =
        SmallCalls.of(List.of(CROSS), 47, 33, 1, List.of(Noise.of(1)), Optional.empty(), 16, true);
    assertThat(ENGINE.draw(call, StepWatcher.NONE).pictures().get(0).shape())
        .containsExactly(3, 32, 32);
  }

  @Test
  void givesEachPictureItsOwnNoise() {
    List<Noise> noise = List.of(Noise.of(1), Noise.of(2));
    Drawing both =
        ENGINE.draw(SmallCalls.of(List.of(CROSS, CIRCLE), 2, noise, false), StepWatcher.NONE);
    Drawing second =
        ENGINE.draw(
            SmallCalls.of(List.of(CIRCLE), 2, List.of(Noise.of(2)), false), StepWatcher.NONE);
    assertThat(both.pictures().get(1).values())
        .containsExactly(second.pictures().get(0).values(), within(NOISE));
  }

  @Test
  void goesOnWithAGeneratorThatWasUsedBefore() {
    Drawing both =
        ENGINE.draw(
            SmallCalls.of(List.of(CROSS, CROSS), 2, List.of(Noise.of(5)), false), StepWatcher.NONE);
    Drawing first =
        ENGINE.draw(
            SmallCalls.of(List.of(CROSS), 2, List.of(Noise.of(5)), false), StepWatcher.NONE);
    assertThat(both.drawn()).containsExactly(2 * first.drawn().get(0));
    Noise used = new Noise(5, first.drawn().get(0));
    Drawing second =
        ENGINE.draw(SmallCalls.of(List.of(CROSS), 2, List.of(used), false), StepWatcher.NONE);
    assertThat(second.pictures().get(0).values())
        .containsExactly(both.pictures().get(1).values(), within(NOISE));
  }

  @Test
  void startsFromLatentsThatTheCallerMade() {
    List<float[]> seen = new ArrayList<>();
    ENGINE.draw(
        SmallCalls.of(4),
        watcher(
            step -> {
              seen.add(step.latents().values());
              return Map.of();
            }));
    TextToImage decodeOnly =
        SmallCalls.of(
            List.of(CROSS),
            32,
            32,
            1,
            List.of(),
            Optional.of(Floats.of(seen.get(3), 1, 4, 64)),
            16,
            false);
    Drawing untouched =
        ENGINE.draw(
            decodeOnly,
            new StepWatcher() {
              @Override
              public boolean interrupted() {
                return true;
              }
            });
    assertThat(untouched.pictures().get(0).values()).containsExactly(seen.get(3));
  }

  @Test
  void takesPromptsThatAreEncodedAlready() {
    float[] prompt = new float[16 * 64];
    float[] pooled = new float[64];
    for (int i = 0; i < prompt.length; i++) {
      prompt[i] = (float) Math.sin(i);
    }
    Embeddings embeddings =
        new Embeddings(
            Floats.of(prompt, 1, 16, 64),
            Floats.of(pooled, 1, 64),
            Optional.of(Floats.of(prompt.clone(), 1, 16, 64)),
            Optional.of(Floats.of(pooled.clone(), 1, 64)));
    float[] plain =
        ENGINE.draw(encoded(embeddings, 1), StepWatcher.NONE).pictures().get(0).values();
    float[] same = ENGINE.draw(encoded(embeddings, 4), StepWatcher.NONE).pictures().get(0).values();
    // A negative prompt that says the same as the prompt takes nothing away.
    assertThat(same).containsExactly(plain, within(NOISE));
  }

  private static TextToImage encoded(Embeddings embeddings, double trueCfgScale) {
    return new TextToImage(
        new Sampling(
            List.of(),
            List.of(),
            Optional.of(embeddings),
            32,
            32,
            2,
            List.of(),
            3.5,
            trueCfgScale,
            1,
            List.of(Noise.of(3)),
            Optional.empty(),
            512,
            1,
            false));
  }

  @Test
  void tellsOfEveryStepInOrder() {
    List<String> told = new ArrayList<>();
    ENGINE.draw(
        SmallCalls.of(3),
        watcher(
            step -> {
              told.add(step.index() + "/" + step.count() + " " + (step.timestep() > 0));
              assertThat(step.latents().shape()).containsExactly(1, 4, 64);
              return Map.of();
            }));
    assertThat(told).containsExactly("0/3 true", "1/3 true", "2/3 true");
  }

  @Test
  void goesOnWithTheLatentsThatTheWatcherReturns() {
    float[] zeros = new float[4 * 64];
    float[] first =
        pixels(SmallCalls.of(2), watcher(step -> step.index() == 1 ? latents(zeros) : Map.of()));
    float[] second =
        pixels(
            SmallCalls.of(List.of(CIRCLE), 2, List.of(Noise.of(99)), true),
            watcher(step -> step.index() == 1 ? latents(zeros) : Map.of()));
    assertThat(first).containsExactly(second);
  }

  @Test
  void skipsTheRemainingStepsAndDecodesWhenTheWatcherInterrupts() {
    List<Integer> steps = Collections.synchronizedList(new ArrayList<>());
    Drawing drawing =
        ENGINE.draw(
            SmallCalls.of(9),
            new StepWatcher() {
              @Override
              public Map<String, Floats> stepped(Step step) {
                steps.add(step.index());
                return Map.of();
              }

              @Override
              public boolean interrupted() {
                return steps.size() == 2;
              }
            });
    assertThat(steps).containsExactly(0, 1);
    assertThat(drawing.pictures().get(0).shape()).containsExactly(3, 32, 32);
  }

  @Test
  void saysNoWordOfAPrompt() {
    TextToImage call = new TextToImage(Sampling.of("a secret wish", 64, 64));
    assertThat(call.toString() + call.sampling().prompts())
        .doesNotContain("secret")
        .contains("64x64");
  }

  private interface Stepped {
    Map<String, Floats> stepped(StepWatcher.Step step);
  }

  private static StepWatcher watcher(Stepped stepped) {
    return new StepWatcher() {
      @Override
      public Map<String, Floats> stepped(Step step) {
        return stepped.stepped(step);
      }
    };
  }

  private static Map<String, Floats> latents(float[] values) {
    return Map.of("latents", Floats.of(values, 1, 4, 64));
  }

  private static float[] pixels(TextToImage call) {
    return pixels(call, StepWatcher.NONE);
  }

  private static float[] pixels(TextToImage call, StepWatcher watcher) {
    return ENGINE.draw(call, watcher).pictures().get(0).values();
  }

  @Test
  void oneMaskedPictureOfLatentsServesTwoPicturesToFill() {
    try (FluxEngine engine = FluxEngine.load(DerivedCheckpoint.folder("fill"))) {
      Sampling two =
          SmallCalls.of(2).sampling().with().imagesPerPrompt(2).noise(List.of(Noise.of(3))).build();
      float[] zeros = new float[4 * 320];
      Fill fill =
          new Fill(
              two, Optional.empty(), Optional.empty(), Optional.of(Floats.of(zeros, 1, 4, 320)), 1);
      assertThat(engine.draw(fill, StepWatcher.NONE).pictures()).hasSize(2);
    }
  }
}
