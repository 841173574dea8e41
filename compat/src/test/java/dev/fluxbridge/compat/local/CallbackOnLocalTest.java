package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.pipelines.StepCallback;
import dev.fluxbridge.providers.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What an old callback sees of a step, and what it can change, by name. */
class CallbackOnLocalTest {
  private static final Fluxbridge ROADS =
      Fluxbridge.of(
          Settings.of(
              Map.of(
                  "fluxbridge.route.text-to-image", "local", Settings.LOCAL_CHECKPOINT, "embedded"),
              Map.of(),
              Map.of()));

  @AfterAll
  static void free() {
    ROADS.close();
  }

  private static float[] draw(StepCallback callback, List<String> names) {
    return FluxPipeline.fromPretrained("m", ROADS)
        .call(
            new FluxArguments()
                .prompt("a large red circle")
                .height(64)
                .width(64)
                .numInferenceSteps(3)
                .maxSequenceLength(16)
                .generator(new Generator().manualSeed(7))
                .outputType("pt")
                .callbackOnStepEnd(callback)
                .callbackOnStepEndTensorInputs(names))
        .array()
        .values();
  }

  @Test
  void seesTheTensorsThatItAskedForAndNoOthers() {
    List<Set<String>> seen = new ArrayList<>();
    draw(
        (pipe, index, timestep, tensors) -> {
          seen.add(tensors.keySet());
          assertThat(prompt(tensors).shape().subList(0, 2)).containsExactly(1, 16);
          return Map.of();
        },
        List.of("prompt_embeds"));
    assertThat(seen).containsOnly(Set.of("prompt_embeds")).hasSize(3);
  }

  @Test
  void whatItGivesBackIsGoneOnWith() {
    float[] plain = draw((pipe, index, timestep, tensors) -> Map.of(), List.of("latents"));
    assertThat(draw((pipe, index, timestep, tensors) -> tensors, List.of("latents")))
        .isEqualTo(plain);
    assertThat(draw(CallbackOnLocalTest::silenced, List.of("prompt_embeds"))).isNotEqualTo(plain);
  }

  private static Map<String, Tensor> silenced(
      Object pipe, int index, double timestep, Map<String, Tensor> tensors) {
    Tensor prompt = prompt(tensors);
    int[] shape = prompt.shape().stream().mapToInt(Integer::intValue).toArray();
    return Map.of("prompt_embeds", Tensor.of(new float[prompt.values().length], shape));
  }

  private static Tensor prompt(Map<String, Tensor> tensors) {
    return Objects.requireNonNull(tensors.get("prompt_embeds"));
  }

  @Test
  @SuppressWarnings("NullAway") // Callers are compiled without it.
  void nothingGivenBackIsAnErrorThatSaysWhatToDo() {
    assertThatThrownBy(() -> draw((pipe, index, timestep, tensors) -> null, List.of("latents")))
        .hasMessageContaining("give back a map");
  }
}
