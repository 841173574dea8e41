package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.fal.Requests;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalImagePlannerTest {
  private static final FalImagePlanner PLANNER =
      new FalImagePlanner(FalModels.DEFAULT, 64_000_000, false);

  private static FalImagePlan plan(ImageRequest request) {
    return PLANNER.plan(request);
  }

  private static BackendException refused(ImageRequest request) {
    return catchThrowableOfType(BackendException.class, () -> plan(request));
  }

  private static JsonNode body(FalImagePlan plan, int part) {
    return Bodies.of(plan.parts().get(part));
  }

  private static FalImagePlanner configured(String imageModel) {
    return new FalImagePlanner(FalModels.DEFAULT.withImage(imageModel), 1 << 20, false);
  }

  private static List<String> codes(FalImagePlan plan) {
    return plan.notes().stream().map(Note::code).toList();
  }

  private static ImageRequest of(Prompt prompt, double trueCfg) {
    return Requests.request(Requests.DEV, List.of(prompt), 64, 64, 28, 3.5, trueCfg, 1);
  }

  private static ImageRequest sized(int width, int height) {
    return Requests.request(Requests.DEV, List.of(Prompt.of("x")), width, height, 28, 3.5, 1, 1);
  }

  @Test
  void sendsEveryFieldAndLeavesNothingToFalsDefaults() {
    FalImagePlan plan =
        plan(
            Requests.request(
                Requests.DEV, List.of(Prompt.of("a fox")), 512, 256, 20, 4.25, 1, 2, Seed.of(7)));

    assertThat(plan.parts()).hasSize(1);
    assertThat(body(plan, 0))
        .isEqualTo(
            Bodies.read(
                """
                    {"prompt":"a fox","num_inference_steps":20,"guidance_scale":4.25,
                     "output_format":"png","enable_safety_checker":true,"sync_mode":false,
                     "acceleration":"none","image_size":{"width":512,"height":256},
                     "num_images":2,"seed":7}"""));
    assertThat(codes(plan)).containsExactly("fal.generator.noise");
  }

  @ParameterizedTest
  @CsvSource({
    "black-forest-labs/FLUX.1-dev, fal-ai/flux/dev",
    "ChuckMcSneed/FLUX.1-dev, fal-ai/flux/dev",
    "black-forest-labs/FLUX.1-schnell, fal-ai/flux/schnell",
    "black-forest-labs/FLUX.1-Krea-dev, fal-ai/flux/krea",
    "fal-ai/flux-1/schnell, fal-ai/flux-1/schnell"
  })
  void drawsAKnownModelWithItsOwnWeights(String model, String endpoint) {
    FalImagePlan plan =
        plan(Requests.request(model, List.of(Prompt.of("x")), 64, 64, 4, 3.5, 1, 1));

    assertThat(plan.parts().get(0).endpoint()).hasToString(endpoint);
    assertThat(plan.notes()).isEmpty();
  }

  @Test
  void saysThatOtherWeightsDrawAModelThatFalDoesNotHave() {
    FalImagePlan plan = plan(Requests.of("/models/my-own-flux", 1));

    assertThat(plan.parts().get(0).endpoint()).hasToString("fal-ai/flux/dev");
    assertThat(codes(plan)).containsExactly("fal.model.other_weights");
    assertThat(plan.notes().get(0).fidelity()).isEqualTo(Fidelity.APPROXIMATED);
  }

  @ParameterizedTest
  @CsvSource({
    "fal-ai/flux-pro, fal-ai/flux-pro/v1.1",
    "fal-ai/stable-diffusion-xl, fal-ai/fast-sdxl"
  })
  void refusesEndpointsThatDoNotExistAndNamesWhatReplacesThem(String gone, String successor) {
    BackendException asked = refused(Requests.of(gone, 1));
    BackendException configured =
        catchThrowableOfType(
            BackendException.class, () -> configured(gone).plan(Requests.of("own", 1)));

    assertThat(asked.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(asked).hasMessageContaining(gone).hasMessageContaining(successor);
    assertThat(configured).hasMessageContaining(gone).hasMessageContaining(successor);
  }

  @Test
  void refusesAConfiguredEndpointWhoseArgumentsItDoesNotKnow() {
    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> configured("fal-ai/veo3").plan(Requests.of("own", 1)));

    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure)
        .hasMessageContaining("FAL_IMAGE_MODEL")
        .hasMessageContaining("fal-ai/flux/schnell");
  }

  @Test
  void clampsWhatIsOutOfRangeAndSaysWhatWasSent() {
    FalImagePlan plan =
        plan(
            Requests.request(
                "black-forest-labs/FLUX.1-schnell", List.of(Prompt.of("x")), 64, 64, 28, 0, 1, 1));

    assertThat(body(plan, 0).path("num_inference_steps").intValue()).isEqualTo(12);
    assertThat(body(plan, 0).path("guidance_scale").doubleValue()).isEqualTo(1);
    assertThat(codes(plan))
        .containsExactly("fal.num_inference_steps.clamped", "fal.guidance_scale.clamped");
    assertThat(plan.notes().get(0).text()).contains("28").contains("12");
    assertThat(plan.notes().get(1).text()).contains("0.0").contains("1.0");
  }

  @Test
  void refusesSizesThatNoEndpointTakes() {
    BackendException failure = refused(sized(14144, 16));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("height and width").hasMessageContaining("14144");
  }

  @Test
  void refusesToPayForAPictureThatItWouldNotFetch() {
    assertThat(refused(sized(14128, 14128)).reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refused(sized(14128, 14128))).hasMessageContaining("maxPixels");
  }

  @Test
  void splitsMorePicturesThanOneRequestTakesWithASeedForEach() {
    FalImagePlan plan = plan(Requests.of(Requests.DEV, 9, Seed.of(100)));

    assertThat(plan.parts()).extracting(FalImagePlan.Part::pictures).containsExactly(4, 4, 1);
    assertThat(List.of(0, 1, 2))
        .extracting(part -> body(plan, part).path("seed").longValue())
        .containsExactly(100L, 104L, 108L);
    assertThat(codes(plan))
        .containsExactly("fal.generator.noise", "fal.num_images_per_prompt.split");
  }

  @Test
  void givesEachPromptOfABatchASeedOfItsOwn() {
    ImageRequest request =
        Requests.request(
            Requests.DEV,
            List.of(Prompt.of("one"), Prompt.of("two")),
            64,
            64,
            28,
            3.5,
            1,
            3,
            Seed.of(5));

    FalImagePlan plan = plan(request);

    assertThat(body(plan, 0).path("prompt").textValue()).isEqualTo("one");
    assertThat(body(plan, 0).path("seed").longValue()).isEqualTo(5);
    assertThat(body(plan, 1).path("prompt").textValue()).isEqualTo("two");
    assertThat(body(plan, 1).path("seed").longValue()).isEqualTo(8);
  }

  @Test
  void makesOneRequestForEachOfSeveralGenerators() {
    FalImagePlan plan = plan(Requests.of(Requests.DEV, 3, Seed.of(9), Seed.of(8), Seed.of(7)));

    assertThat(plan.parts()).extracting(FalImagePlan.Part::pictures).containsExactly(1, 1, 1);
    assertThat(List.of(0, 1, 2))
        .extracting(part -> body(plan, part).path("seed").longValue())
        .containsExactly(9L, 8L, 7L);
    assertThat(codes(plan)).containsExactly("fal.generator.noise", "fal.generator.split");
  }

  @Test
  void sendsNoSeedWhereTheCallerGaveNone() {
    assertThat(body(plan(Requests.of(Requests.DEV, 1)), 0).has("seed")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 1L << 31, Long.MAX_VALUE})
  void mapsSeedsThatFalMayNotTakeAlwaysAlike(long value) {
    FalImagePlan plan = plan(Requests.of(Requests.DEV, 1, Seed.of(value)));

    assertThat(body(plan, 0).path("seed").longValue()).isBetween(0L, (long) Integer.MAX_VALUE);
    assertThat(body(plan(Requests.of(Requests.DEV, 1, Seed.of(value))), 0))
        .isEqualTo(body(plan, 0));
    assertThat(codes(plan)).containsExactly("fal.generator.noise", "fal.generator.remapped");
  }

  @Test
  void drawsAnotherPictureFromAGeneratorThatWasUsedBefore() {
    FalImagePlan fresh = plan(Requests.of(Requests.DEV, 1, Seed.of(3)));
    FalImagePlan used = plan(Requests.of(Requests.DEV, 1, new Seed(3, 4096)));

    assertThat(body(used, 0).path("seed")).isNotEqualTo(body(fresh, 0).path("seed"));
    assertThat(codes(used)).containsExactly("fal.generator.noise", "fal.generator.continued");
  }

  @Test
  void sendsTheTextForT5WhereTheTwoDiffer() {
    FalImagePlan same = plan(of(Requests.prompt("a", "a", null, null), 1));
    FalImagePlan other = plan(of(Requests.prompt("a", "b", null, null), 1));

    assertThat(same.notes()).isEmpty();
    assertThat(body(other, 0).path("prompt").textValue()).isEqualTo("b");
    assertThat(codes(other)).containsExactly("fal.prompt_2.alone");
  }

  @Test
  void leavesOutANegativePromptThatHasNoEffect() {
    FalImagePlan plan = plan(of(Requests.prompt("a", null, "ugly", null), 1));

    assertThat(plan.parts().get(0).endpoint()).hasToString("fal-ai/flux/dev");
    assertThat(Bodies.text(plan.parts().get(0))).doesNotContain("ugly");
    assertThat(plan.notes()).isEmpty();
    assertThat(plan(of(Prompt.of("a"), 4)).parts().get(0).endpoint())
        .as("true CFG without a negative prompt is off, as ever")
        .hasToString("fal-ai/flux/dev");
  }

  @Test
  void drawsANegativePromptWithRealCfg() {
    FalImagePlan plan = plan(of(Requests.prompt("a", null, "ugly", null), 4));

    JsonNode body = body(plan, 0);
    assertThat(plan.parts().get(0).endpoint()).hasToString("fal-ai/flux-general");
    assertThat(body.path("use_real_cfg").booleanValue()).isTrue();
    assertThat(body.path("real_cfg_scale").doubleValue()).isEqualTo(4);
    assertThat(body.path("negative_prompt").textValue()).isEqualTo("ugly");
    assertThat(plan.notes()).isEmpty();

    FalImagePlan strong = plan(of(Requests.prompt("a", null, "ugly", "worse"), 9));
    assertThat(body(strong, 0).path("real_cfg_scale").doubleValue()).isEqualTo(5);
    assertThat(body(strong, 0).path("negative_prompt").textValue()).isEqualTo("worse");
    assertThat(codes(strong))
        .containsExactly("fal.negative_prompt_2.alone", "fal.true_cfg_scale.clamped");
  }

  @Test
  void refusesANegativePromptForWeightsThatNoEndpointDrawsItWith() {
    ImageRequest request =
        Requests.request(
            "black-forest-labs/FLUX.1-schnell",
            List.of(Requests.prompt("a", null, "ugly", null)),
            64,
            64,
            4,
            3.5,
            2,
            1);

    assertThat(refused(request).reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refused(request))
        .hasMessageContaining("negative_prompt (fal.negative_prompt.no_endpoint)");
  }

  @Test
  void refusesWhatNoEndpointTakesAndNamesTheArgument() {
    ImageRequest plain = Requests.of(Requests.DEV, 1);
    Tensor tensor = Tensor.of(new float[1], 1, 1, 1);

    assertThat(refused(with(plain, Optional.of(tensor), Optional.empty(), false)))
        .hasMessageStartingWith("latents (fal.latents.refused)");
    ImageRequest.Embeddings embeddings =
        new ImageRequest.Embeddings(tensor, tensor, Optional.empty(), Optional.empty());
    assertThat(refused(with(plain, Optional.empty(), Optional.of(embeddings), false)))
        .hasMessageStartingWith("prompt_embeds, ")
        .hasMessageContaining("(fal.prompt_embeds.refused)");
    assertThat(refused(with(plain, Optional.empty(), Optional.empty(), true)))
        .hasMessageStartingWith("output_type (fal.output_type.latent)");
  }

  private static ImageRequest with(
      ImageRequest r,
      Optional<Tensor> latents,
      Optional<ImageRequest.Embeddings> embeddings,
      boolean latentOutput) {
    return ImageRequest.builder(r.pipeline(), r.weights())
        .prompts(r.prompts())
        .size(r.width(), r.height())
        .steps(r.steps())
        .sigmas(List.of(1.0, 0.5))
        .guidanceScale(r.guidanceScale())
        .trueCfgScale(r.trueCfgScale())
        .imagesPerPrompt(r.imagesPerPrompt())
        .seeds(r.seeds())
        .latents(latents)
        .embeddings(embeddings)
        .maxSequenceLength(256)
        .output(latentOutput ? ImageRequest.Output.LATENTS : ImageRequest.Output.PIXELS)
        .build();
  }

  @Test
  void saysThatTuningIsIgnored() {
    FalImagePlan plan =
        plan(with(Requests.of(Requests.DEV, 1), Optional.empty(), Optional.empty(), false));

    assertThat(codes(plan))
        .containsExactly("fal.sigmas.ignored", "fal.max_sequence_length.ignored");
    assertThat(plan.notes()).extracting(Note::fidelity).containsOnly(Fidelity.IGNORED);
  }

  @Test
  void turnsEveryNoteIntoARefusalWhenStrict() {
    FalImagePlanner strict = new FalImagePlanner(FalModels.DEFAULT, 64_000_000, true);

    assertThat(strict.plan(sized(96, 96)).notes()).isEmpty();
    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> strict.plan(Requests.of(Requests.DEV, 5, Seed.of(-1))));
    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure)
        .hasMessageContaining("fal.generator.remapped")
        .hasMessageContaining("fal.num_images_per_prompt.split");
  }

  @Test
  void putsNoPromptIntoNotesOrMessages() {
    FalImagePlan plan =
        plan(of(Requests.prompt("canary one", "canary two", "canary three", "canary four"), 7));

    assertThat(plan.toString()).doesNotContain("canary");
  }
}
