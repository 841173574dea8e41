package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LoRA through the engine. tools/reference/lora.py made files and numbers. */
@Timeout(60)
class FluxEngineLoraTest {
  private static final float WITHIN = 1e-3f;

  @Test
  void drawsWhatDiffusersDrawsWithLora() {
    try (FluxEngine engine = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      assertThat(engine.loadLoraWeights(file("words"), Optional.empty())).isEqualTo("default_0");
      near(engine, 1, "words");
      near(engine, 0.5, "scaled");
      near(engine, 1, "words");
      engine.fuseLora(1, Optional.empty(), true);
      near(engine, 1, "fused-with-words");
      engine.unfuseLora();
      engine.enableLora(false);
      near(engine, 1, "none");
      engine.enableLora(true);
      engine.loadLoraWeights(file("style"), Optional.of("a"));
      assertThat(engine.activeAdapters()).containsExactly("a");
      assertThat(engine.loadedAdapters()).containsExactly("default_0", "a");
      near(engine, 1, "words-and-style");
      engine.deleteAdapters(List.of("default_0"));
      engine.loadLoraWeights(file("subject"), Optional.of("b"));
      engine.setAdapters(List.of("a", "b"), List.of(0.8, -0.6));
      near(engine, 1, "two-weighted");
      engine.unloadLoraWeights(false);
      near(engine, 1, "none");
    }
  }

  @Test
  void aCallThatRunsMeanwhileFinishesWithTheOldAdapters() {
    try (FluxEngine engine = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      List<CompletableFuture<?>> changes = new ArrayList<>();
      StepWatcher watcher =
          new StepWatcher() {
            @Override
            public Map<String, Floats> stepped(Step step) {
              if (changes.isEmpty()) {
                changes.add(
                    CompletableFuture.runAsync(
                        () -> engine.loadLoraWeights(file("style"), Optional.empty())));
              }
              return Map.of();
            }
          };
      assertThat(difference(draw(engine, 1, watcher), "none")).isLessThanOrEqualTo(WITHIN);
      changes.forEach(CompletableFuture::join);
      near(engine, 1, "style");
    }
  }

  @Test
  void aControlLoraGivesTheTransformerAnInputThatTextToImageRefuses() {
    try (FluxEngine engine = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      engine.loadLoraWeights(file("control"), Optional.empty());
      assertThatThrownBy(() -> draw(engine, 1, StepWatcher.NONE))
          .isInstanceOf(IllegalArgumentException.class);
      engine.unloadLoraWeights(true);
      near(engine, 1, "none");
    }
  }

  private static void near(FluxEngine engine, double scale, String golden) {
    assertThat(difference(draw(engine, scale, StepWatcher.NONE), golden))
        .as(golden)
        .isLessThanOrEqualTo(WITHIN);
  }

  private static float[] draw(FluxEngine engine, double scale, StepWatcher watcher) {
    TextToImage call =
        new TextToImage(
            Sampling.builder()
                .prompts(Prompt.of("a large red circle at the left of a white background"))
                .size(64, 64)
                .steps(4)
                .seeds(3)
                .maxSequenceLength(64)
                .loraScale(scale)
                .decode(false)
                .build());
    return engine.draw(call, watcher).pictures().get(0).values();
  }

  private static float difference(float[] found, String golden) {
    float[] wanted = Golden.tensor("lora.safetensors", golden);
    assertThat(found).hasSameSizeAs(wanted);
    float worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      worst = Math.max(worst, Math.abs(found[i] - wanted[i]));
    }
    return worst;
  }

  static Path file(String name) {
    URL file =
        Golden.class.getResource("/dev/fluxbridge/legacy/golden/lora/" + name + ".safetensors");
    if (file == null) {
      throw new AssertionError("no LoRA " + name);
    }
    try {
      return Path.of(file.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
