package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
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
  void refusesMorePicturesThanAnyoneMeans() {
    FluxArguments call = SMALL.prompt(List.of("a", "b")).numImagesPerPrompt(Integer.MAX_VALUE);
    assertThatThrownBy(() -> request(call))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4294967294 pictures are more than one call may ask for");
    assertThatThrownBy(() -> request(SMALL.numImagesPerPrompt(0)))
        .hasMessage("`num_images_per_prompt` must be at least 1 but is 0");
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

  private static final BufferedImage PICTURE = Breakers.PICTURE;

  @Test
  void fillStartsFromItsOwnDefaults() {
    ImageRequest request =
        Facades.request(new FluxFillArguments().prompt("x").image(PICTURE).maskImage(PICTURE));
    assertThat(request.steps()).isEqualTo(50);
    assertThat(request.guidanceScale()).isEqualTo(30);
    assertThat(request.edit().strength()).isEqualTo(1);
    assertThat(request.task()).isEqualTo(Task.INPAINT);
    assertThat(
            Facades.request(new FluxImg2ImgArguments().prompt("x").image(PICTURE))
                .edit()
                .strength())
        .isEqualTo(0.6);
  }

  @Test
  void everyPictureArrivesInItsPlace() {
    Tensor latents = Tensor.of(new float[16 * 64], 1, 16, 8, 8);
    ImageRequest request =
        Facades.request(
            new FluxInpaintArguments()
                .prompt("x")
                .height(64)
                .width(64)
                .image(white())
                .maskImage(PICTURE)
                .maskedImageLatents(latents)
                .strength(0.25)
                .paddingMaskCrop(9));
    Edit edit = request.edit();
    assertThat(first(edit.image())).isEqualTo(-1);
    assertThat(first(edit.mask())).isZero();
    assertThat(edit.maskedImageLatents()).contains(latents);
    assertThat(edit.strength()).isEqualTo(0.25);
    assertThat(edit.paddingMaskCrop()).contains(9);
    Edit kontext =
        Facades.request(
                new FluxKontextInpaintArguments()
                    .prompt("x")
                    .image(PICTURE)
                    .maskImage(PICTURE)
                    .imageReference(white())
                    .maxArea(4096)
                    .autoResize(false))
            .edit();
    assertThat(first(kontext.reference())).isEqualTo(-1);
    assertThat(kontext.maxArea()).isEqualTo(4096);
    assertThat(kontext.autoResize()).isFalse();
  }

  private static BufferedImage white() {
    BufferedImage white = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    white.setRGB(0, 0, 0xffffff);
    return white;
  }

  private static int first(Optional<Images> images) {
    return ((Images.Bitmaps) images.orElseThrow()).bitmaps().get(0).pixels()[0];
  }

  @Test
  void kontextKeepsTheProportionsOnItsOwnArea() {
    PipelineCall call = Facades.call(new FluxKontextArguments().prompt("x").height(512).width(512));
    ImageRequest request = call.request(loaded(), MemorySaving.NONE);
    assertThat(request.width()).isEqualTo(512);
    assertThat(call.notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.text())
                    .isEqualTo(
                        "Generation `height` and `width` have been adjusted to 1024 and 1024 to fit the model requirements."));
    assertThat(request.task()).isEqualTo(Task.TEXT_TO_IMAGE);
  }

  @Test
  void kontextInpaintDrawsItsPictureAtTheNearestOfItsSizes() {
    ImageRequest request =
        Facades.request(
            new FluxKontextInpaintArguments()
                .prompt("x")
                .image(new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB))
                .maskImage(PICTURE));
    assertThat(request.width()).isEqualTo(1248);
    assertThat(request.height()).isEqualTo(832);
  }

  @Test
  void aControlImageOfNumbersRulesTheSizeOfAControlNet() {
    Tensor numbers = Tensor.of(new float[3 * 32 * 48], 1, 3, 32, 48);
    FluxControlNetArguments call = new FluxControlNetArguments().prompt("x").controlImage(numbers);
    assertThat(Facades.request(call).width()).isEqualTo(48);
    assertThat(Facades.request(call).height()).isEqualTo(32);
    Tensor odd = Tensor.of(new float[3 * 32 * 40], 1, 3, 32, 40);
    assertThatThrownBy(() -> Facades.request(call.controlImage(odd)))
        .hasMessageContaining("multiples of 16 but are 40x32");
  }

  @Test
  void eachControlNetHasItsOwnImageModeAndScale() {
    FluxControlNetModel net = FluxControlNetModel.fromPretrained("n");
    Loaded two = FluxControlNetPipeline.fromPretrained("m", List.of(net, net)).loaded();
    FluxControlNetArguments call =
        new FluxControlNetArguments()
            .prompt("x")
            .controlImage(List.of(PICTURE, white()))
            .controlMode(List.of(0, 4))
            .controlnetConditioningScale(List.of(0.5, 0.25))
            .controlGuidanceEnd(0.75);
    List<Control> controls = new PipelineCall(call).request(two, MemorySaving.NONE).controls();
    assertThat(controls).extracting(Control::mode).containsExactly(Optional.of(0), Optional.of(4));
    assertThat(controls).extracting(Control::scale).containsExactly(0.5, 0.25);
    assertThat(controls).extracting(Control::end).containsExactly(0.75, 0.75);
    assertThat(first(Optional.of(controls.get(1).image()))).isEqualTo(-1);
    assertThatThrownBy(
            () ->
                new PipelineCall(call.controlnetConditioningScale(List.of(0.5)))
                    .request(two, MemorySaving.NONE))
        .hasMessage("`controlnet_conditioning_scale` has 1 numbers for 2 control images");
  }

  @Test
  void flexIsInpaintingAndControlAtOnce() {
    ImageRequest request =
        Facades.request(
            new FlexArguments()
                .prompt("x")
                .inpaintImage(PICTURE)
                .inpaintMask(PICTURE)
                .controlImage(white())
                .controlStrength(0.5)
                .controlStop(0.25));
    assertThat(request.task()).isEqualTo(Task.INPAINT);
    Control control = request.controls().get(0);
    assertThat(control.scale()).isEqualTo(0.5);
    assertThat(control.end()).isEqualTo(0.25);
    assertThat(Facades.request(new FlexArguments().prompt("x")).controls()).isEmpty();
  }

  @Test
  void flexSwallowsKeywordsAndSaysSo() {
    PipelineCall call =
        Facades.call(FlexArguments.of(Map.of("prompt", "x", "negative_prompt", "a secret")));
    call.request(loaded(), MemorySaving.NONE);
    assertThat(call.notes()).extracting(Note::code).containsExactly("flux.kwargs.swallowed");
    assertThat(call.notes().toString()).contains("negative_prompt").doesNotContain("secret");
  }

  @Test
  void whatFlexSwallowsHasNoEffectWhateverItsName() {
    FlexArguments call =
        FlexArguments.of(
            Map.of(
                "prompt",
                "x",
                "strength",
                5.0,
                "image",
                "a.png",
                "true_cfg_scale",
                4.0,
                "negative_prompt",
                "dogs",
                "padding_mask_crop",
                8));
    ImageRequest request = Facades.request(call);
    assertThat(request.edit()).isEqualTo(Edit.NONE);
    assertThat(request.trueCfgScale()).isEqualTo(1);
    assertThat(request.prompts()).containsExactly(Prompt.of("x"));
  }

  @Test
  void deDistilledGuidesAwayFromAnEmptyTextWhereNoneIsGiven() {
    FluxDeDistilledArguments call = new FluxDeDistilledArguments().prompt(List.of("a", "b"));
    assertThat(Facades.request(call).prompts())
        .extracting(Prompt::negative)
        .containsExactly(Optional.of(""), Optional.of(""));
    assertThat(Facades.request(call.negativePrompt("dogs")).prompts())
        .extracting(Prompt::negative)
        .containsExactly(Optional.of("dogs"), Optional.of("dogs"));
    assertThat(Facades.request(call.guidanceScale(1)).prompts())
        .extracting(Prompt::negative)
        .containsExactly(Optional.empty(), Optional.empty());
    assertThat(Facades.request(call).trueCfgScale()).isEqualTo(1);
  }

  @Test
  void encodedNegativePromptsCountOnlyWhereTheOldClassLookedAtThem() {
    Tensor embeds = Tensor.of(new float[6], 1, 2, 3);
    Tensor pooled = Tensor.of(new float[4], 1, 4);
    FluxArguments plain =
        new FluxArguments()
            .promptEmbeds(embeds)
            .pooledPromptEmbeds(pooled)
            .negativePromptEmbeds(embeds)
            .negativePooledPromptEmbeds(pooled)
            .trueCfgScale(3);
    assertThat(Facades.request(plain).trueCfgScale()).isEqualTo(3);
    FluxImg2ImgArguments fromPicture =
        new FluxImg2ImgArguments()
            .image(PICTURE)
            .promptEmbeds(embeds)
            .pooledPromptEmbeds(pooled)
            .negativePromptEmbeds(embeds)
            .negativePooledPromptEmbeds(pooled)
            .trueCfgScale(3);
    assertThat(Facades.request(fromPicture).trueCfgScale()).isEqualTo(1);
  }

  @Test
  void refusesTextsOnOneSideAndEncodedPromptsOnTheOther() {
    Tensor embeds = Tensor.of(new float[6], 1, 2, 3);
    Tensor pooled = Tensor.of(new float[4], 1, 4);
    FluxArguments call =
        new FluxArguments()
            .promptEmbeds(embeds)
            .pooledPromptEmbeds(pooled)
            .negativePrompt("dogs")
            .trueCfgScale(3);
    assertThatThrownBy(() -> Facades.request(call))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("`negative_prompt` together with `prompt_embeds`");
    assertThat(Facades.request(call.trueCfgScale(1)).trueCfgScale()).isEqualTo(1);
  }

  @Test
  void refusesPicturesThatAreMissingByName() {
    assertThatThrownBy(() -> Facades.request(new FluxImg2ImgArguments().prompt("x")))
        .hasMessage("`image` must be given: FluxImg2ImgPipeline cannot draw without it");
    assertThatThrownBy(() -> Facades.request(new FluxInpaintArguments().prompt("x").image(PICTURE)))
        .hasMessageContaining("`mask_image`");
    assertThatThrownBy(() -> Facades.request(new FluxControlArguments().prompt("x")))
        .hasMessageContaining("`control_image`");
    assertThatThrownBy(() -> Facades.request(new FluxFillArguments().prompt("x")))
        .hasMessageContaining("`image`");
  }

  @Test
  void refusesAMaskOfAnotherSizeWhereTheCropGoesByIt() {
    FluxInpaintArguments call =
        new FluxInpaintArguments()
            .prompt("x")
            .image(PICTURE)
            .maskImage(new BufferedImage(32, 64, BufferedImage.TYPE_BYTE_GRAY));
    assertThat(Facades.request(call).edit().mask()).isPresent();
    assertThatThrownBy(() -> Facades.request(call.paddingMaskCrop(4)))
        .hasMessage(
            "`mask_image` is 32x64 but `image` is 64x64: with `padding_mask_crop` they must be of one size");
  }
}
