package dev.fluxbridge.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CallTest {
  private static final Tensor TENSOR = Tensor.of(new float[] {1, 2}, 1, 2);
  private static final Images PICTURE = Images.of(new Bitmap(1, 1, 1, new byte[1]));

  @Test
  void everyArgumentOfACallStandsInItsDescription() {
    Map<String, UnaryOperator<ImageRequestBuilder>> changes = new LinkedHashMap<>();
    changes.put("prompts", call -> call.prompts(Prompt.of("a dog")));
    changes.put(
        "embeddings",
        call ->
            call.embeddings(
                Optional.of(
                    new ImageRequest.Embeddings(
                        TENSOR, TENSOR, Optional.of(TENSOR), Optional.empty()))));
    changes.put("edit", call -> call.edit(Edit.of(PICTURE, PICTURE, 0.5)));
    changes.put("controls", call -> call.controls(List.of(Control.of(PICTURE))));
    changes.put("width", call -> call.size(64, 1024));
    changes.put("height", call -> call.size(1024, 64));
    changes.put("steps", call -> call.steps(4));
    changes.put("sigmas", call -> call.sigmas(List.of(1.0, 0.5)));
    changes.put("guidanceScale", call -> call.guidanceScale(4));
    changes.put("trueCfgScale", call -> call.trueCfgScale(2));
    changes.put("imagesPerPrompt", call -> call.imagesPerPrompt(2));
    changes.put("seeds", call -> call.seeds(List.of(Seed.of(7))));
    changes.put("latents", call -> call.latents(Optional.of(TENSOR)));
    changes.put("maxSequenceLength", call -> call.maxSequenceLength(256));
    changes.put("output", call -> call.output(ImageRequest.Output.LATENTS));
    changes.put("memory", call -> call.memory(new MemorySaving(true, false, false)));
    Call plain = Call.of(request(call -> call));

    changes.forEach(
        (name, change) ->
            assertThat(Call.of(request(change)).differences(plain)).as(name).isNotEmpty());
    assertThat(
            Arrays.stream(ImageRequest.class.getRecordComponents()).map(RecordComponent::getName))
        .as("a new argument needs a line in Call.of and one here")
        .filteredOn(name -> !name.equals("pipeline") && !name.equals("weights"))
        .containsExactlyInAnyOrderElementsOf(changes.keySet());
  }

  @Test
  void pipelineModelLorasAndControlNetsStandInIt() {
    Weights weights =
        new Weights(
            "/home/someone/checkpoints/flux-dev/",
            List.of(new Weights.Lora("someone/style", "style.safetensors", "style", 0.8)),
            0.5,
            List.of("someone/net"));
    Call call =
        Call.of(
            ImageRequest.builder(Pipeline.CONTROLNET, weights).prompts(Prompt.of("a fox")).build());

    assertThat(call.arguments())
        .containsEntry("pipeline", "FluxControlNetPipeline")
        .containsEntry("model", "flux-dev")
        .containsEntry("lora_scale", 0.5)
        .containsEntry("controlnets", List.of("someone/net"));
    assertThat(call.arguments().get("loras")).asString().contains("someone/style", "0.8");
  }

  @Test
  void aDifferenceNamesNumbersButNoPrompts() {
    Call before = Call.of(request(call -> call.guidanceScale(3.5)));
    Call now = Call.of(request(call -> call.guidanceScale(4).prompts(Prompt.of("a secret plan"))));

    assertThat(before.differences(now))
        .containsExactly("guidance_scale was 3.5 and is 4.0", "prompts");
    assertThat(before.toString()).doesNotContain("fox");
    assertThat(before.differences(Call.UNKNOWN)).isEmpty();
  }

  @Test
  void promptsAreHiddenByWhicheverNameTheyHave() {
    Call call =
        new Call(
            Map.of(
                "prompt",
                "a secret",
                "negative_prompt",
                List.of("another secret"),
                "num_images_per_prompt",
                2));

    assertThat(call.withoutPrompts().arguments().toString())
        .doesNotContain("secret")
        .contains("num_images_per_prompt=2");
    assertThat(call.withoutPrompts().differences(call)).isEmpty();
  }

  @Test
  void aValueThatJsonHasNotIsRefused() {
    assertThatThrownBy(() -> new Call(Map.of("a", Map.of("b", Optional.empty()))))
        .hasMessageContaining("a.b is a Optional");
    assertThatThrownBy(() -> new Call(Map.of("a", Double.NaN))).hasMessageContaining("a is NaN");
  }

  private static ImageRequest request(UnaryOperator<ImageRequestBuilder> change) {
    return change
        .apply(
            ImageRequest.builder(Pipeline.FLUX, Weights.of("flux-dev")).prompts(Prompt.of("a fox")))
        .build();
  }
}
