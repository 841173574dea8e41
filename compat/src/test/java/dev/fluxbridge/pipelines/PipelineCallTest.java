package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PipelineCallTest {
  private static final FluxArguments SMALL =
      new FluxArguments().prompt("a cat").height(64).width(96);

  private static ImageRequest request(FluxArguments arguments) {
    return new PipelineCall(arguments).request(loaded(), MemorySaving.NONE);
  }

  private static Loaded loaded() {
    return FluxPipeline.fromPretrained("some/model").loaded();
  }

  @Test
  void fillsInTheOldDefaults() {
    ImageRequest request = request(new FluxArguments().prompt("a cat"));
    assertThat(request.width()).isEqualTo(1024);
    assertThat(request.height()).isEqualTo(1024);
    assertThat(request.steps()).isEqualTo(28);
    assertThat(request.guidanceScale()).isEqualTo(3.5);
    assertThat(request.maxSequenceLength()).isEqualTo(512);
    assertThat(request.seeds()).isEmpty();
    assertThat(request.prompts()).containsExactly(Prompt.of("a cat"));
  }

  @Test
  void takesZeroForTheDefaultSizeAsPythonDid() {
    assertThat(request(SMALL.height(0)).height()).isEqualTo(1024);
  }

  @Test
  void floorsASizeAndSaysSo() {
    PipelineCall call = new PipelineCall(SMALL.height(100));
    assertThat(call.request(loaded(), MemorySaving.NONE).height()).isEqualTo(96);
    assertThat(call.notes())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.text()).contains("`height`").contains("100").contains("96");
              assertThat(note.fidelity()).isEqualTo(Fidelity.APPROXIMATED);
            });
  }

  @Test
  void refusesASizeThatHoldsNoToken() {
    assertThatThrownBy(() -> request(SMALL.width(15)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`width` must be at least 16 pixels but is 15");
    assertThatThrownBy(() -> request(SMALL.width(-64))).hasMessageContaining("is -64");
  }

  @Test
  void refusesZeroSteps() {
    assertThatThrownBy(() -> request(SMALL.numInferenceSteps(0)))
        .hasMessageContaining("`num_inference_steps` must be at least 1 but is 0");
  }

  @Test
  void readsAnEmptySecondPromptAsNone() {
    assertThat(request(SMALL.prompt2("")).prompts().get(0).second()).isEmpty();
  }

  @Test
  void givesOneSecondPromptToEveryPrompt() {
    ImageRequest request = request(SMALL.prompt(List.of("a", "b")).prompt2("c"));
    assertThat(request.prompts())
        .extracting(Prompt::second)
        .containsExactly(Optional.of("c"), Optional.of("c"));
  }

  @Test
  void refusesSecondPromptsOfAnotherNumber() {
    assertThatThrownBy(
            () -> request(SMALL.prompt(List.of("a", "b", "c")).prompt2(List.of("d", "e"))))
        .hasMessage("`prompt_2` has 2 texts but `prompt` has 3");
  }

  @Test
  void dropsANegativePromptThatTheOldCodeDidNotUse() {
    ImageRequest request = request(SMALL.negativePrompt("dogs"));
    assertThat(request.trueCfgScale()).isEqualTo(1);
    assertThat(request.prompts().get(0).negative()).isEmpty();
  }

  @Test
  void usesAnEmptyNegativePromptWhereTrueCfgIsOn() {
    ImageRequest request = request(SMALL.negativePrompt("").trueCfgScale(4));
    assertThat(request.trueCfgScale()).isEqualTo(4);
    assertThat(request.prompts().get(0).negative()).contains("");
  }

  @Test
  void aGeneratorGoesOnWhereItStopped() {
    Generator generator = new Generator().manualSeed(-5);
    assertThat(request(SMALL.generator(generator)).seeds()).containsExactly(Seed.of(-5));
    long noise = 16 * (64 / 8) * (96 / 8);
    assertThat(request(SMALL.generator(generator)).seeds()).containsExactly(new Seed(-5, noise));
    assertThat(request(SMALL.generator(generator.manualSeed(1))).seeds())
        .containsExactly(Seed.of(1));
  }

  @Test
  void aGeneratorIsNotTouchedWhereLatentsAreGiven() {
    Generator generator = new Generator().manualSeed(3);
    request(SMALL.generator(generator).latents(Tensor.of(new float[24 * 64], 1, 24, 64)));
    assertThat(request(SMALL.generator(generator)).seeds()).containsExactly(Seed.of(3));
  }

  @Test
  void refusesGeneratorsOfAnotherNumberWithTheOldText() {
    List<Generator> two = List.of(new Generator(), new Generator());
    assertThatThrownBy(() -> request(SMALL.numImagesPerPrompt(3).generator(two)))
        .hasMessage(
            "You have passed a list of generators of length 2, but requested an effective batch size of 3. Make sure the batch size matches the length of the generators.");
  }

  @Test
  void refusesIpAdapters() {
    assertThatThrownBy(() -> request(SMALL.ipAdapterImageEmbeds(List.of())))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("`ip_adapter_image_embeds`");
  }

  @Test
  void notesAnAttentionScaleThatWeighsNothing() {
    PipelineCall call = new PipelineCall(SMALL.jointAttentionKwargs(Map.of("scale", 0.5)));
    call.request(loaded(), MemorySaving.NONE);
    assertThat(call.notes()).extracting(note -> note.fidelity()).containsExactly(Fidelity.IGNORED);
  }

  @Test
  void refusesAWrongKindOfValueByName() {
    assertThatThrownBy(() -> request(FluxArguments.of(Map.of("prompt", "x", "height", "tall"))))
        .hasMessage("`height` must be a number");
    assertThatThrownBy(() -> request(FluxArguments.of(Map.of("prompt", List.of("a", 1)))))
        .hasMessage("`prompt` must be a text or a list of texts");
  }
}
