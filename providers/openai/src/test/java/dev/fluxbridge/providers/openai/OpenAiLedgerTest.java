package dev.fluxbridge.providers.openai;

import static dev.fluxbridge.providers.Pipeline.CONTROL;
import static dev.fluxbridge.providers.Pipeline.CONTROLNET;
import static dev.fluxbridge.providers.Pipeline.DE_DISTILLED;
import static dev.fluxbridge.providers.Pipeline.FILL;
import static dev.fluxbridge.providers.Pipeline.FLEX;
import static dev.fluxbridge.providers.Pipeline.FLUX;
import static dev.fluxbridge.providers.Pipeline.IMG2IMG;
import static dev.fluxbridge.providers.Pipeline.INPAINT;
import static dev.fluxbridge.providers.Pipeline.KONTEXT;
import static dev.fluxbridge.providers.Pipeline.KONTEXT_INPAINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of the ledger happens, and every old argument has one. */
class OpenAiLedgerTest {
  private static final OpenAiImageMapping MAPPING =
      new OpenAiImageMapping(OpenAiImageModel.DEFAULT, 64_000_000, false);
  private static final Images PICTURE = Images.of(Requests.picture(64, 48));
  private static final Images MASK = Images.of(Requests.leftHalf(64, 48));
  private static final Tensor NUMBERS = Tensor.of(new float[64], 1, 1, 64);

  /** A call that meets the rule, and how it is mapped. */
  private record Case(OpenAiImageMapping mapping, Supplier<ImageRequestBuilder> call) {}

  private static Case call(Supplier<ImageRequestBuilder> call) {
    return new Case(MAPPING, call);
  }

  private static Prompt prompt(String text, String second, String negative) {
    return new Prompt(
        text,
        Optional.of(second).filter(said -> !said.isEmpty()),
        Optional.of(negative).filter(said -> !said.isEmpty()),
        Optional.empty());
  }

  private static ImageRequestBuilder edited(Pipeline pipeline) {
    return Requests.of(pipeline).edit(Edit.of(PICTURE, 1));
  }

  private static Edit masked(
      Optional<Images> reference,
      Optional<Tensor> latents,
      double strength,
      Optional<Integer> crop,
      boolean autoResize) {
    return new Edit(
        Optional.of(PICTURE),
        Optional.of(MASK),
        reference,
        latents,
        strength,
        crop,
        1024 * 1024,
        autoResize);
  }

  private static ImageRequestBuilder masked(Pipeline pipeline) {
    return Requests.of(pipeline)
        .edit(masked(Optional.empty(), Optional.empty(), 1, Optional.empty(), true));
  }

  private static ImageRequestBuilder controlled(Pipeline pipeline) {
    return Requests.of(pipeline).controls(List.of(Control.of(PICTURE)));
  }

  private static ImageRequestBuilder embedded(boolean negative) {
    return Requests.of(FLUX)
        .embeddings(
            Optional.of(
                new ImageRequest.Embeddings(
                    NUMBERS,
                    NUMBERS,
                    Optional.of(NUMBERS).filter(there -> negative),
                    Optional.empty())));
  }

  private static ImageRequestBuilder named(String model) {
    return ImageRequest.builder(FLUX, Weights.of(model)).prompts(Prompt.of("a"));
  }

  private static Case of(OpenAiRule rule) {
    return switch (rule) {
      case MODEL_KNOWN,
          PROMPT_SENT,
          PROMPT_2_SAME,
          SIZE_FREE,
          STEPS_DEFAULT,
          GUIDANCE_DEFAULT,
          SIGMAS_NONE,
          GENERATOR_NONE,
          LATENTS_NONE,
          EMBEDS_NONE,
          OUTPUT_PIXELS,
          SEQUENCE_DEFAULT ->
          call(Requests::exact);
      case SIZE_STANDARD -> call(() -> named("gpt-image-1.5").size(1024, 1536));
      case MODEL_OTHER -> call(() -> Requests.of(FLUX));
      case MODEL_RETIRED -> call(() -> named("gpt-image-1"));
      case MODEL_UNKNOWN ->
          new Case(
              new OpenAiImageMapping("gpt-image-9", 64_000_000, false), () -> Requests.of(FLUX));
      case LORA_REFUSED ->
          call(
              () ->
                  ImageRequest.builder(
                          FLUX,
                          new Weights(
                              "m", List.of(new Weights.Lora("a", "b", "c", 1)), 1, List.of()))
                      .prompts(Prompt.of("a")));
      case PROMPT_SPLIT -> call(() -> Requests.exact().prompts(Prompt.of("a"), Prompt.of("b")));
      case PROMPT_EMPTY -> call(() -> Requests.exact().prompts(Prompt.of(" \n")));
      case PROMPT_LONG -> call(() -> Requests.exact().prompts(Prompt.of("a".repeat(32_001))));
      case PROMPT_2_ALONE -> call(() -> Requests.exact().prompts(prompt("a", "b", "")));
      case NEGATIVE_INERT -> call(() -> Requests.exact().prompts(prompt("a", "", "b")));
      case NEGATIVE_REFUSED ->
          call(() -> Requests.exact().prompts(prompt("a", "", "b")).trueCfgScale(2));
      case DISTILLED_INERT -> call(() -> Requests.of(DE_DISTILLED));
      case DISTILLED_REFUSED -> call(() -> Requests.of(DE_DISTILLED).prompts(prompt("a", "", "b")));
      case SIZE_NEAREST -> call(() -> Requests.exact().size(512, 512));
      case SIZE_REFUSED ->
          new Case(new OpenAiImageMapping("gpt-image-2", 1_000_000, false), Requests::exact);
      case AREA_RULES -> call(() -> edited(KONTEXT).size(640, 640));
      case AUTO_RESIZE_ON, IMAGE_EDITED -> call(() -> edited(KONTEXT));
      case AUTO_RESIZE_IGNORED ->
          call(
              () ->
                  Requests.of(KONTEXT_INPAINT)
                      .edit(
                          masked(Optional.empty(), Optional.empty(), 1, Optional.empty(), false)));
      case STEPS_IGNORED -> call(() -> Requests.exact().steps(4));
      case SIGMAS_IGNORED -> call(() -> Requests.exact().sigmas(List.of(1.0, 0.5)));
      case GUIDANCE_IGNORED -> call(() -> Requests.exact().guidanceScale(1));
      case IMAGES_SENT -> call(() -> Requests.exact().imagesPerPrompt(10));
      case IMAGES_SPLIT -> call(() -> Requests.exact().imagesPerPrompt(11));
      case GENERATOR_IGNORED -> call(() -> Requests.exact().seeds(List.of(Seed.of(1))));
      case LATENTS_REFUSED -> call(() -> Requests.exact().latents(Optional.of(NUMBERS)));
      case EMBEDS_REFUSED -> call(() -> embedded(false));
      case NEGATIVE_EMBEDS_REFUSED -> call(() -> embedded(true));
      case OUTPUT_LATENT -> call(() -> Requests.exact().output(ImageRequest.Output.LATENTS));
      case SEQUENCE_IGNORED -> call(() -> Requests.exact().maxSequenceLength(256));
      case IMAGE_LOOKED_AT -> call(() -> edited(IMG2IMG));
      case IMAGE_LATENTS ->
          call(
              () ->
                  Requests.of(IMG2IMG)
                      .edit(Edit.of(Images.of(Tensor.of(new float[16], 1, 16, 1, 1)), 1)));
      case IMAGE_LARGE ->
          call(() -> Requests.of(KONTEXT).edit(Edit.of(Images.of(noise(4200, 4000)), 1)));
      case IMAGE_COUNT ->
          call(
              () ->
                  Requests.of(IMG2IMG)
                      .edit(Edit.of(Images.of(Requests.picture(8, 8), Requests.picture(9, 9)), 1)));
      case INPAINT_IMAGE_LOOKED_AT, INPAINT_MASK_GUIDES -> call(() -> masked(FLEX));
      case REFERENCE_SENT ->
          call(
              () ->
                  Requests.of(KONTEXT_INPAINT)
                      .edit(
                          masked(
                              Optional.of(PICTURE), Optional.empty(), 1, Optional.empty(), true)));
      case MASK_GUIDES, STRENGTH_WHOLE -> call(() -> masked(FILL));
      case MASKED_LATENTS ->
          call(
              () ->
                  Requests.of(FILL)
                      .edit(
                          masked(
                              Optional.empty(), Optional.of(NUMBERS), 1, Optional.empty(), true)));
      case MASK_CROP ->
          call(
              () ->
                  Requests.of(INPAINT)
                      .edit(masked(Optional.empty(), Optional.empty(), 1, Optional.of(32), true)));
      case STRENGTH_IGNORED -> call(() -> Requests.of(IMG2IMG).edit(Edit.of(PICTURE, 0.6)));
      case CONTROL_REFUSED -> call(() -> controlled(CONTROL));
      case CONTROLNET_REFUSED -> call(() -> controlled(CONTROLNET));
      case FLEX_CONTROL_REFUSED -> call(() -> controlled(FLEX));
      // it depends on the answer: OpenAiImageBackendTest
      case SIZE_RETURNED -> call(Requests::exact);
    };
  }

  /** A picture that no packing makes smaller. */
  private static Bitmap noise(int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    new Random(1).nextBytes(pixels);
    return new Bitmap(width, height, 3, pixels);
  }

  @ParameterizedTest
  @EnumSource(value = OpenAiRule.class, names = "SIZE_RETURNED", mode = EnumSource.Mode.EXCLUDE)
  void everyRowHappens(OpenAiRule rule) {
    LedgerRow row = rule.row();
    Case met = of(rule);
    ImageRequest request = met.call().get().build();
    assertThat(row.pipelines()).contains(request.pipeline());
    assertThat(row.endpoints().isEmpty() || row.endpoints().contains(request.model())).isTrue();

    Set<String> codes = new HashSet<>();
    Set<String> inexact = new HashSet<>();
    try {
      for (Note note : met.mapping().plan(request).notes()) {
        codes.add(note.code());
        inexact.addAll(List.of(note.argument().split(", ")));
      }
    } catch (BackendException refusal) {
      assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThat(refusal).hasMessageContaining("nothing was sent to OpenAI");
      codes.add(
          String.valueOf(refusal.getMessage()).replaceAll("(?s).*?\\((openai\\..*?)\\).*", "$1"));
      assertThat(row.fidelity()).isEqualTo(Fidelity.REFUSED);
    }
    if (row.fidelity() == Fidelity.EXACT) {
      assertThat(inexact).doesNotContainAnyElementsOf(row.arguments());
    } else {
      assertThat(codes).contains(row.code());
    }
  }

  @Test
  void everyArgumentOfEveryPipelineHasARow() throws IOException {
    Properties old = new Properties();
    try (InputStream in = getClass().getResourceAsStream("/old-arguments.properties")) {
      old.load(Objects.requireNonNull(in));
    }
    assertThat(old).hasSize(Pipeline.values().length);
    Map<String, Collection<String>> without = new TreeMap<>();
    for (Pipeline pipeline : Pipeline.values()) {
      Set<String> known = new HashSet<>();
      OpenAiImageBackend.ledger().stream()
          .filter(row -> row.pipelines().contains(pipeline))
          .forEach(row -> known.addAll(row.arguments()));
      Set<String> asked = Set.of(old.getProperty(pipeline.facade()).split(", "));
      assertThat(asked).as(pipeline.facade()).isSubsetOf(known);
      Set<String> more = new HashSet<>(known);
      more.removeAll(asked);
      more.removeAll(Set.of("model", "load_lora_weights"));
      without.put(pipeline.facade(), more);
    }
    assertThat(without.values())
        .as("rows about what a pipeline does not take: " + without)
        .allMatch(Collection::isEmpty);
  }

  @Test
  void everyCodeIsGivenOnceAndBeginsWithTheBackend() {
    List<String> codes = OpenAiImageBackend.ledger().stream().map(LedgerRow::code).toList();
    assertThat(codes).doesNotHaveDuplicates().allMatch(code -> code.startsWith("openai."));
  }

  @Test
  void whatWasAskedForIsNeverIgnored() {
    assertThat(
            OpenAiImageBackend.ledger().stream()
                .filter(row -> row.fidelity() == Fidelity.IGNORED)
                .flatMap(row -> row.arguments().stream()))
        .containsOnly(
            "_auto_resize",
            "num_inference_steps",
            "sigmas",
            "guidance_scale",
            "generator",
            "max_sequence_length",
            "strength");
  }
}
