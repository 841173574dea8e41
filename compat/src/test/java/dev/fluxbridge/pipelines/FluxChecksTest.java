package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes each of the old checks fail, and holds the text against the one that was read out of the
 * Python class.
 */
class FluxChecksTest {
  private static final Tensor EMBEDS = Tensor.of(new float[6], 1, 2, 3);
  private static final Tensor OTHER_EMBEDS = Tensor.of(new float[3], 1, 1, 3);
  private static final Tensor POOLED = Tensor.of(new float[4], 1, 4);

  record Wrong(String what, FluxArguments arguments, String text) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Wrong> wrongCalls() {
    FluxArguments embedded = new FluxArguments().promptEmbeds(EMBEDS).pooledPromptEmbeds(POOLED);
    return List.of(
        new Wrong(
            "an unknown tensor for the callback",
            new FluxArguments()
                .prompt("x")
                .callbackOnStepEndTensorInputs(List.of("latents", "noise")),
            "`callback_on_step_end_tensor_inputs` has to be in ['latents', 'prompt_embeds'], but found ['noise']"),
        new Wrong(
            "prompt and embeddings",
            embedded.prompt("hello"),
            "Cannot forward both `prompt`: <str of 5 characters> and `prompt_embeds`: <tensor of torch.Size([1, 2, 3])>. Please make sure to only forward one of the two."),
        new Wrong(
            "second prompt and embeddings",
            embedded.prompt2(List.of("hello")),
            "Cannot forward both `prompt_2`: <list of 1> and `prompt_embeds`: <tensor of torch.Size([1, 2, 3])>. Please make sure to only forward one of the two."),
        new Wrong(
            "neither prompt nor embeddings",
            new FluxArguments(),
            "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and `prompt_embeds` undefined."),
        new Wrong(
            "a number for a prompt",
            FluxArguments.of(Map.of("prompt", 5)),
            "`prompt` has to be of type `str` or `list` but is <class 'int'>"),
        new Wrong(
            "a number for a second prompt",
            FluxArguments.of(Map.of("prompt", "x", "prompt_2", 0.5)),
            "`prompt_2` has to be of type `str` or `list` but is <class 'float'>"),
        new Wrong(
            "negative prompt and negative embeddings",
            new FluxArguments().prompt("x").negativePrompt("y").negativePromptEmbeds(EMBEDS),
            "Cannot forward both `negative_prompt`: <str of 1 characters> and `negative_prompt_embeds`: <tensor of torch.Size([1, 2, 3])>. Please make sure to only forward one of the two."),
        new Wrong(
            "second negative prompt and negative embeddings",
            new FluxArguments().prompt("x").negativePrompt2("y").negativePromptEmbeds(EMBEDS),
            "Cannot forward both `negative_prompt_2`: <str of 1 characters> and `negative_prompt_embeds`: <tensor of torch.Size([1, 2, 3])>. Please make sure to only forward one of the two."),
        new Wrong(
            "embeddings of two shapes",
            embedded.negativePromptEmbeds(OTHER_EMBEDS),
            "`prompt_embeds` and `negative_prompt_embeds` must have the same shape when passed directly, but got: `prompt_embeds` torch.Size([1, 2, 3]) != `negative_prompt_embeds` torch.Size([1, 1, 3])."),
        new Wrong(
            "embeddings without pooled ones",
            new FluxArguments().promptEmbeds(EMBEDS),
            "If `prompt_embeds` are provided, `pooled_prompt_embeds` also have to be passed. Make sure to generate `pooled_prompt_embeds` from the same text encoder that was used to generate `prompt_embeds`."),
        new Wrong(
            "negative embeddings without pooled ones",
            embedded.negativePromptEmbeds(EMBEDS),
            "If `negative_prompt_embeds` are provided, `negative_pooled_prompt_embeds` also have to be passed. Make sure to generate `negative_pooled_prompt_embeds` from the same text encoder that was used to generate `negative_prompt_embeds`."),
        new Wrong(
            "a sequence too long",
            new FluxArguments().prompt("x").maxSequenceLength(513),
            "`max_sequence_length` cannot be greater than 512 but is 513"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongCalls")
  void raisesTheOldText(Wrong wrong) {
    assertThatThrownBy(() -> FluxChecks.check(wrong.arguments()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(wrong.text());
  }

  @Test
  void everyOldCheckIsMadeToFailAboveOrNeedsABatch() {
    List<String> texts = wrongCalls().stream().map(Wrong::text).toList();
    List<String> untested =
        StreamSupport.stream(FluxSignatureTest.oldSignature().get("checks").spliterator(), false)
            .map(JsonNode::asText)
            .filter(old -> texts.stream().noneMatch(pattern(old).asMatchPredicate()))
            .toList();
    assertThat(untested)
        .singleElement()
        .asString()
        .startsWith("You have passed a list of generators");
  }

  @Test
  void theFirstFailingCheckWins() {
    FluxArguments wrongTwice =
        new FluxArguments().maxSequenceLength(1000).callbackOnStepEndTensorInputs(List.of("noise"));
    assertThatThrownBy(() -> FluxChecks.check(wrongTwice))
        .hasMessageStartingWith("`callback_on_step_end");
  }

  @Test
  void neverPrintsThePrompt() {
    FluxArguments both = new FluxArguments().prompt("a secret wish").promptEmbeds(EMBEDS);
    assertThatThrownBy(() -> FluxChecks.check(both)).hasMessageNotContaining("secret");
  }

  /** The old text with anything where Python puts a value. */
  private static Pattern pattern(String old) {
    String parts =
        Pattern.compile("\\{[^{}]*(?:\\[[^\\]]*\\])?[^{}]*\\}")
            .splitAsStream(old)
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(parts + (old.endsWith("}") ? ".*" : ""), Pattern.DOTALL);
  }
}
