package dev.fluxbridge.providers.fal.image;

import static dev.fluxbridge.providers.fal.Edits.call;
import static dev.fluxbridge.providers.fal.Edits.masked;
import static dev.fluxbridge.providers.fal.Edits.picture;
import static dev.fluxbridge.providers.fal.Edits.starting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Size;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.fal.Edits;
import dev.fluxbridge.providers.fal.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a call through each old pipeline. */
class PipelinesTest {
  private static final String DEV = Requests.DEV;
  private static final String CANNY_LORA = "black-forest-labs/FLUX.1-Canny-dev-lora";
  private static final String UNION = "someone/union-net";

  private static FalImagePlan plan(ImageRequestBuilder call) {
    return plan(call, Map.of());
  }

  private static FalImagePlan plan(ImageRequestBuilder call, Map<String, String> environment) {
    FalModels models = FalModels.fromEnvironment(environment::get);
    return new FalImagePlanner(models, 64_000_000, false).plan(call.build());
  }

  private static BackendException refused(ImageRequestBuilder call) {
    return catchThrowableOfType(BackendException.class, () -> plan(call));
  }

  private static String endpoint(FalImagePlan plan) {
    return plan.parts().get(0).endpoint();
  }

  private static JsonNode body(FalImagePlan plan) {
    return Bodies.of(plan.parts().get(0));
  }

  private static List<String> codes(FalImagePlan plan) {
    return plan.notes().stream().map(Note::code).toList();
  }

  /** What would be uploaded, decoded. */
  private static Bitmap uploaded(FalImagePlan plan, int part, String field) {
    byte[] png = (byte[]) Objects.requireNonNull(plan.parts().get(part).input().get(field));
    return Bitmaps.of(new Picture.Encoded(png, "image/png"));
  }

  private static Weights lora(String model, String source, double weight) {
    return new Weights(model, List.of(new Weights.Lora(source, "", "mine", weight)), 1, List.of());
  }

  private static Weights nets(String... nets) {
    return new Weights(DEV, List.of(), 1, List.of(nets));
  }

  private static Control control(Optional<Integer> mode, double scale, double start, double end) {
    return new Control(picture(64, 64), mode, scale, start, end);
  }

  @Test
  void imageToImageSendsEveryFieldAndThePictureInTheSizeThatWasAsked() {
    FalImagePlan plan =
        plan(
            call(Pipeline.IMG2IMG, DEV)
                .size(32, 48)
                .guidanceScale(7)
                .edit(Edit.of(picture(100, 80), 0.6)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux/dev/image-to-image");
    assertThat(body(plan).path("strength").doubleValue()).isEqualTo(0.6);
    assertThat(body(plan).path("guidance_scale").doubleValue()).isEqualTo(7);
    assertThat(body(plan).path("num_inference_steps").intValue()).isEqualTo(28);
    assertThat(body(plan).has("image_size")).isFalse();
    assertThat(uploaded(plan, 0, "image_url"))
        .extracting(Bitmap::width, Bitmap::height)
        .containsExactly(32, 48);
    assertThat(plan.parts().get(0).size()).contains(new Size(32, 48));
    assertThat(codes(plan)).containsExactly("fal.size.from_image");
  }

  @ParameterizedTest
  @CsvSource({
    "28, 7.0, fal-ai/flux/dev/image-to-image",
    "4, 7.0, fal-ai/flux-lora/image-to-image",
    "28, 0.0, fal-ai/flux-lora/image-to-image",
    "28, 30.0, fal-ai/flux-lora/image-to-image"
  })
  void theEndpointIsTheFirstWhoseRangesHoldTheCall(int steps, double guidance, String endpoint) {
    FalImagePlan plan =
        plan(call(Pipeline.IMG2IMG, DEV).steps(steps).guidanceScale(guidance).edit(starting(0.6)));

    assertThat(endpoint(plan)).isEqualTo(endpoint);
    assertThat(codes(plan)).doesNotContain("fal.guidance_scale.clamped");
  }

  @Test
  void anEndpointThatTheCallerNamedIsKeptAndNumbersAreClamped() {
    FalImagePlan plan =
        plan(call(Pipeline.IMG2IMG, "fal-ai/flux/dev/image-to-image").steps(4).edit(starting(0.6)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux/dev/image-to-image");
    assertThat(body(plan).path("num_inference_steps").intValue()).isEqualTo(10);
    assertThat(codes(plan)).contains("fal.num_inference_steps.clamped");
  }

  @Test
  void aStrictCallerGetsTheEndpointThatEmulatesNothing() {
    FalImagePlanner strict = new FalImagePlanner(FalModels.DEFAULT, 64_000_000, true);

    FalImagePlan plan = strict.plan(call(Pipeline.IMG2IMG, DEV).edit(starting(0.6)).build());

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-lora/image-to-image");
    assertThat(plan.notes()).isEmpty();
  }

  @Test
  void aNegativePromptGoesToTheGeneralEndpointOfTheSameStart() {
    FalImagePlan plan =
        plan(
            call(Pipeline.INPAINT, DEV)
                .prompts(Requests.prompt("a", null, "ugly", null))
                .trueCfgScale(2)
                .guidanceScale(7)
                .edit(masked(0.8)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general/inpainting");
    assertThat(body(plan).path("use_real_cfg").booleanValue()).isTrue();
    assertThat(body(plan).path("image_size").path("width").intValue()).isEqualTo(64);
    assertThat(codes(plan)).isEmpty();
  }

  @Test
  void aMaskIsBlackAndWhiteAndOfThePicturesSize() {
    Edit edit = Edit.of(picture(64, 64), Edits.mask(32, 16), 0.8);

    FalImagePlan plan = plan(call(Pipeline.INPAINT, DEV).guidanceScale(7).edit(edit));

    Bitmap mask = uploaded(plan, 0, "mask_url");
    assertThat(mask).extracting(Bitmap::width, Bitmap::height).containsExactly(64, 64);
    assertThat(mask.pixels()).containsOnly(0, 255);
    assertThat(mask.pixels()[0]).as("what stays").isZero();
    assertThat(mask.pixels()[63 * 3]).as("what is repainted").isEqualTo((byte) 255);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-lora/inpainting");
    assertThat(body(plan).path("loras")).isEmpty();
  }

  @Test
  void fillRepaintsAllOfItsMask() {
    FalImagePlan plan =
        plan(
            call(Pipeline.FILL, "black-forest-labs/FLUX.1-Fill-dev")
                .guidanceScale(30)
                .steps(50)
                .edit(masked(1)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-lora-fill");
    assertThat(body(plan).path("paste_back").booleanValue()).isFalse();
    assertThat(body(plan).has("strength")).isFalse();
    assertThat(codes(plan)).isEmpty();
    assertThat(refused(call(Pipeline.FILL, DEV).guidanceScale(30).edit(masked(0.9))))
        .hasMessageContaining("strength (fal.strength.no_field): strength is 0.9");
  }

  @Test
  void fillOnTheConfiguredEndpointSaysWhatThatOneIgnores() {
    FalImagePlan plan =
        plan(
            call(Pipeline.FILL, "/models/own-fill").guidanceScale(30).edit(masked(1)),
            Map.of("FAL_FILL_MODEL", "fal-ai/flux-pro/v1/fill"));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-pro/v1/fill");
    assertThat(body(plan).path("safety_tolerance").textValue()).isEqualTo("2");
    assertThat(codes(plan))
        .containsExactly(
            "fal.model.other_weights",
            "fal.num_inference_steps.ignored",
            "fal.guidance_scale.ignored",
            "fal.size.from_image");
  }

  @Test
  void aStrengthThatGivesNothingUpIsRefused() {
    assertThat(refused(call(Pipeline.IMG2IMG, DEV).edit(starting(0))))
        .hasMessageContaining("strength (fal.strength.too_small): strength is 0.0");
  }

  @Test
  void whatEndpointsDoNotTakeIsRefusedByName() {
    Tensor one = Tensor.of(new float[1], 1, 1, 1);
    Edit whole = masked(0.5);
    Edit padded =
        new Edit(
            whole.image(),
            whole.mask(),
            Optional.empty(),
            Optional.empty(),
            0.5,
            Optional.of(8),
            1 << 20,
            true);
    Edit latents =
        new Edit(
            whole.image(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(one),
            0.5,
            Optional.empty(),
            1 << 20,
            true);
    Images noise = Images.of(Tensor.of(new float[16 * 64], 1, 16, 8, 8));

    assertThat(refused(call(Pipeline.INPAINT, DEV).edit(padded)))
        .hasMessageStartingWith("padding_mask_crop (fal.padding_mask_crop.refused)");
    assertThat(refused(call(Pipeline.INPAINT, DEV).edit(latents)))
        .hasMessageStartingWith("masked_image_latents (fal.masked_image_latents.refused)");
    assertThat(refused(call(Pipeline.IMG2IMG, DEV).edit(Edit.of(noise, 0.5))))
        .hasMessageStartingWith("image (fal.image.latents)");
  }

  @Test
  void whatAPipelineCannotDoWithoutIsAsked() {
    BackendException failure = refused(call(Pipeline.INPAINT, DEV).edit(starting(0.5)));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("`mask_image` must be given");
    assertThat(refused(call(Pipeline.CONTROL, "black-forest-labs/FLUX.1-Depth-dev")))
        .hasMessageContaining("FluxControlPipeline does not draw from 0 control images");
    assertThat(refused(call(Pipeline.FLUX, DEV).edit(starting(0.5))))
        .hasMessageContaining("FluxPipeline was given a picture");
  }

  @Test
  void loraWeightsAreSentWhereverTheyLie(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("own.safetensors"), "weights");
    Weights weights =
        new Weights(
            DEV,
            List.of(
                new Weights.Lora("someone/style", "", "a", 0.5),
                new Weights.Lora("someone/style", "deep/a b.safetensors", "b", 9),
                new Weights.Lora("https://weights.example/c.safetensors", "", "c", 1),
                new Weights.Lora(folder.toString(), "own.safetensors", "d", 1)),
            0.5,
            List.of());

    FalImagePlan plan = plan(call(Pipeline.FLUX, weights));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-lora");
    JsonNode loras = body(plan).path("loras");
    assertThat(loras.findValuesAsText("path"))
        .containsExactly(
            "someone/style",
            "https://huggingface.co/someone/style/resolve/main/deep/a%20b.safetensors",
            "https://weights.example/c.safetensors",
            Bodies.UPLOADED + "weights");
    assertThat(loras.findValuesAsText("scale")).containsExactly("0.25", "4.0", "0.5", "0.5");
    assertThat(codes(plan)).containsExactly("fal.load_lora_weights.clamped");
  }

  @Test
  void loraWeightsThatCannotBeSentAreRefused(@TempDir Path folder) {
    for (String source : List.of(folder.toString(), "http://a.example/x", "/not/there.bin")) {
      assertThat(refused(call(Pipeline.FLUX, lora(DEV, source, 1))))
          .hasMessageContaining("(fal.load_lora_weights.unreadable): the LoRA 'mine'")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain(source));
    }
  }

  @Test
  void aNegativeWeightIsDrawnWhereAnEndpointTakesOne() {
    FalImagePlan plan = plan(call(Pipeline.FLUX, lora(DEV, "someone/style", -2)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general");
    assertThat(body(plan).path("loras").path(0).path("scale").doubleValue()).isEqualTo(-2);
    assertThat(refused(call(Pipeline.IMG2IMG, lora(DEV, "someone/style", -2)).edit(starting(0.5))))
        .hasMessageContaining("fal.load_lora_weights.negative");
    assertThat(
            refused(
                call(Pipeline.FLUX, lora("black-forest-labs/FLUX.1-schnell", "someone/style", 1))))
        .hasMessageContaining("fal.load_lora_weights.no_endpoint");
  }

  @Test
  void theDeDistilledPipelineGuidesByRealCfg() {
    FalImagePlan plan =
        plan(
            call(Pipeline.DE_DISTILLED, DEV)
                .prompts(Requests.prompt("a", null, "ugly", null))
                .guidanceScale(4));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general");
    assertThat(body(plan).path("real_cfg_scale").doubleValue()).isEqualTo(4);
    assertThat(body(plan).path("guidance_scale").doubleValue()).isEqualTo(1);
    assertThat(body(plan).path("negative_prompt").textValue()).isEqualTo("ugly");
    assertThat(codes(plan)).containsExactly("fal.guidance_scale.real_cfg");
    assertThat(endpoint(plan(call(Pipeline.DE_DISTILLED, DEV).guidanceScale(1))))
        .isEqualTo("fal-ai/flux/dev");
    assertThat(
            refused(
                call(Pipeline.DE_DISTILLED, "black-forest-labs/FLUX.1-schnell").guidanceScale(4)))
        .hasMessageContaining("fal.guidance_scale.no_endpoint");
  }

  @ParameterizedTest
  @CsvSource({
    "black-forest-labs/FLUX.1-Canny-dev, fal-ai/flux-control-lora-canny",
    "black-forest-labs/FLUX.1-Depth-dev, fal-ai/flux-control-lora-depth"
  })
  void controlFollowsWhatTheModelWasTrainedFor(String model, String endpoint) {
    FalImagePlan plan =
        plan(call(Pipeline.CONTROL, model).controls(List.of(Control.of(picture(80, 40)))));

    assertThat(endpoint(plan)).isEqualTo(endpoint);
    assertThat(body(plan).path("preprocess_depth").booleanValue()).isFalse();
    assertThat(body(plan).path("control_lora_strength").doubleValue()).isEqualTo(1);
    assertThat(uploaded(plan, 0, "control_lora_image_url").width()).isEqualTo(64);
    assertThat(codes(plan)).contains("fal.model.lora_form");
  }

  @Test
  void aControlLoraIsTheWeightsAndNotOneMoreLora() {
    Weights weights =
        new Weights(
            DEV,
            List.of(
                new Weights.Lora(CANNY_LORA, "", "canny", 0.85),
                new Weights.Lora("someone/style", "", "style", 1)),
            1,
            List.of());

    FalImagePlan plan =
        plan(
            call(Pipeline.CONTROL_IMG2IMG, weights)
                .edit(starting(0.7))
                .controls(List.of(Control.of(picture(64, 64)))));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-control-lora-canny/image-to-image");
    assertThat(body(plan).path("control_lora_strength").doubleValue()).isEqualTo(0.85);
    assertThat(body(plan).path("loras").findValuesAsText("path")).containsExactly("someone/style");
    assertThat(codes(plan)).containsExactly("fal.control_image.preprocessed");
  }

  @Test
  void controlWithAMaskGoesToTheGeneralEndpointWithTheLora() {
    FalImagePlan plan =
        plan(
            call(Pipeline.CONTROL_INPAINT, lora(DEV, CANNY_LORA, 0.9))
                .edit(masked(0.7))
                .controls(List.of(Control.of(picture(64, 64)))));

    JsonNode control = body(plan).path("control_loras").path(0);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general/inpainting");
    assertThat(control.path("path").textValue()).isEqualTo(CANNY_LORA);
    assertThat(control.path("scale").doubleValue()).isEqualTo(0.9);
    assertThat(control.path("preprocess").textValue()).isEqualTo("None");
  }

  @Test
  void controlOfNoKnownKindIsRefusedUnlessItIsConfigured() {
    ImageRequestBuilder call =
        call(Pipeline.CONTROL, "/models/own").controls(List.of(Control.of(picture(64, 64))));

    assertThat(refused(call)).hasMessageContaining("fal.model.no_control_kind");
    assertThat(endpoint(plan(call, Map.of("FAL_CONTROL_MODEL", "fal-ai/flux-control-lora-depth"))))
        .isEqualTo("fal-ai/flux-control-lora-depth");
  }

  @Test
  void aControlNetOfOneKindHasNoMode() {
    FalImagePlan plan =
        plan(
            call(Pipeline.CONTROLNET, nets("someone/canny-net"))
                .controls(List.of(control(Optional.empty(), 0.6, 0.1, 0.8))));

    JsonNode net = body(plan).path("controlnets").path(0);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general");
    assertThat(net.path("path").textValue()).isEqualTo("someone/canny-net");
    assertThat(net.path("conditioning_scale").doubleValue()).isEqualTo(0.6);
    assertThat(net.path("start_percentage").doubleValue()).isEqualTo(0.1);
    assertThat(net.path("end_percentage").doubleValue()).isEqualTo(0.8);
    assertThat(body(plan).path("controlnet_unions")).isEmpty();
    assertThat(codes(plan)).isEmpty();
  }

  @Test
  void aUnionNetTakesSeveralControlsByName() {
    FalImagePlan plan =
        plan(
            call(Pipeline.CONTROLNET_INPAINT, nets(UNION))
                .edit(masked(0.8))
                .controls(
                    List.of(
                        control(Optional.of(2), 3, 0, 1), control(Optional.of(6), 0.5, 0, 0.5))));

    JsonNode union = body(plan).path("controlnet_unions").path(0);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general/inpainting");
    assertThat(union.path("path").textValue()).isEqualTo(UNION);
    assertThat(union.path("controls").findValuesAsText("control_mode"))
        .containsExactly("depth", "low-quality");
    assertThat(union.path("controls").findValuesAsText("conditioning_scale"))
        .containsExactly("2.0", "0.5");
    assertThat(codes(plan)).containsExactly("fal.control_scale.clamped");
  }

  @Test
  void moreNetsThanFalTakesAreRefused() {
    List<Control> two =
        List.of(control(Optional.empty(), 1, 0, 1), control(Optional.empty(), 1, 0, 1));

    assertThat(refused(call(Pipeline.CONTROLNET, nets("a/b", "a/c")).controls(two)))
        .hasMessageContaining("fal.controlnet.several");
    assertThat(refused(call(Pipeline.CONTROLNET, nets()).controls(two.subList(0, 1))))
        .hasMessageContaining("fal.controlnet.missing");
    assertThat(refused(call(Pipeline.CONTROLNET, nets("/models/net")).controls(two.subList(0, 1))))
        .hasMessageContaining("fal.controlnet.unreadable");
    assertThat(
            refused(
                call(Pipeline.CONTROLNET, nets(UNION))
                    .controls(List.of(control(Optional.of(7), 1, 0, 1)))))
        .hasMessageContaining("control_mode is 7");
  }

  @Test
  void kontextSendsThePictureInOneOfItsOwnSizes() {
    FalImagePlan plan =
        plan(
            call(Pipeline.KONTEXT, "black-forest-labs/FLUX.1-Kontext-dev")
                .size(1024, 768)
                .edit(Edit.of(picture(128, 96), 1)));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-kontext/dev");
    assertThat(body(plan).path("resolution_mode").textValue()).isEqualTo("match_input");
    assertThat(uploaded(plan, 0, "image_url"))
        .extracting(Bitmap::width, Bitmap::height)
        .containsExactly(1184, 880);
    assertThat(plan.parts().get(0).size()).isEmpty();
    assertThat(codes(plan)).containsExactly("fal.size.ratio");
  }

  @ParameterizedTest
  @CsvSource({
    "1024, 1024, 1:1",
    "1600, 900, 16:9",
    "2000, 1000, 16:9",
    "800, 1000, 4:5",
    "900, 2100, 9:21"
  })
  void kontextIsAskedForTheNearestProportions(int width, int height, String ratio) {
    FalImagePlan plan =
        plan(
            call(Pipeline.KONTEXT, "black-forest-labs/FLUX.1-Kontext-dev")
                .size(width, height)
                .edit(unscaled(1 << 20)));

    assertThat(body(plan).path("resolution_mode").textValue()).isEqualTo(ratio);
  }

  /** A picture of 64x48 pixels that is left in its size. */
  private static Edit unscaled(int maxArea) {
    return new Edit(
        Optional.of(picture(64, 48)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty(),
        maxArea,
        false);
  }

  @Test
  void kontextRefusesSizesThatItCannotBeAskedFor() {
    ImageRequestBuilder call = call(Pipeline.KONTEXT, "fal-ai/flux-kontext/dev");

    assertThat(refused(call.size(3000, 500).edit(unscaled(1 << 20))))
        .hasMessageContaining("fal.size.no_ratio");
    assertThat(refused(call.size(1024, 1024).edit(unscaled(1 << 18))))
        .hasMessageContaining("fal.max_area.refused");
  }

  @Test
  void kontextWithoutAPictureDrawsFromText() {
    FalImagePlan plan =
        plan(call(Pipeline.KONTEXT, "black-forest-labs/FLUX.1-Kontext-dev").size(1600, 900));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-kontext-lora/text-to-image");
    assertThat(body(plan).path("image_size").path("width").intValue()).isEqualTo(1360);
    assertThat(body(plan).path("image_size").path("height").intValue()).isEqualTo(768);
    assertThat(codes(plan)).isEmpty();
  }

  @Test
  void kontextInpaintShowsThePictureItselfWhereThereIsNoOther() {
    Edit edit =
        new Edit(
            Optional.of(picture(64, 48)),
            Optional.of(Edits.mask(64, 48)),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty(),
            1 << 20,
            false);

    FalImagePlan plan = plan(call(Pipeline.KONTEXT_INPAINT, "fal-ai/flux-kontext-lora").edit(edit));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-kontext-lora/inpaint");
    assertThat(plan.parts().get(0).input().get("reference_image_url"))
        .isSameAs(plan.parts().get(0).input().get("image_url"));
    assertThat(plan.parts().get(0).size()).contains(new Size(64, 48));
    assertThat(codes(plan)).isEmpty();
  }

  @Test
  void flexWithAMaskAndAControlImageIsAUnionNetOverAnInpainting() {
    ImageRequestBuilder call =
        call(Pipeline.FLEX, "ostris/Flex.2-preview")
            .edit(masked(1))
            .controls(List.of(control(Optional.empty(), 0.7, 0, 0.5)));

    FalImagePlan plan = plan(call, Map.of("FAL_CONTROL_KIND", "pose"));

    JsonNode union = body(plan).path("controlnet_unions").path(0);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-general/inpainting");
    assertThat(body(plan).path("strength").doubleValue()).isEqualTo(1);
    assertThat(union.path("controls").path(0).path("control_mode").textValue()).isEqualTo("pose");
    assertThat(union.path("controls").path(0).path("end_percentage").doubleValue()).isEqualTo(0.5);
    assertThat(codes(plan)).containsExactly("fal.model.other_weights", "fal.control_image.union");
    assertThat(refused(call))
        .hasMessageStartingWith("control_image (fal.control_image.no_kind)")
        .hasMessageContaining("FAL_CONTROL_KIND");
  }

  @Test
  void flexFollowsNothingWhereItsStrengthIsZero() {
    FalImagePlan plan =
        plan(
            call(Pipeline.FLEX, "ostris/Flex.2-preview")
                .controls(List.of(control(Optional.empty(), 0, 0, 1))));

    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux/dev");
    assertThat(plan.codes()).contains("fal.control_image.off");
  }

  @Test
  void theMaskOfFlexStaysGrey() {
    FalImagePlan plan = plan(call(Pipeline.FLEX, "ostris/Flex.2-preview").edit(masked(1)));

    assertThat(uploaded(plan, 0, "mask_url").pixels()).containsOnly(10, (byte) 200);
    assertThat(endpoint(plan)).isEqualTo("fal-ai/flux-lora/inpainting");
  }

  @Test
  void severalPicturesAreRepeatedAsTheOldPipelinesDid() {
    Images two = Images.of(Edits.bitmap(64, 64, 1), Edits.bitmap(64, 64, 2));

    FalImagePlan each =
        plan(
            call(Pipeline.IMG2IMG, DEV)
                .prompts(Prompt.of("one"), Prompt.of("two"))
                .edit(Edit.of(two, 0.5)));
    FalImagePlan alternating =
        plan(call(Pipeline.IMG2IMG, DEV).imagesPerPrompt(4).edit(Edit.of(two, 0.5)));

    assertThat(each.parts()).extracting(FalImagePlan.Part::pictures).containsExactly(1, 1);
    assertThat(uploaded(each, 0, "image_url")).isEqualTo(Edits.bitmap(64, 64, 1));
    assertThat(uploaded(each, 1, "image_url")).isEqualTo(Edits.bitmap(64, 64, 2));
    assertThat(alternating.parts()).hasSize(4);
    assertThat(uploaded(alternating, 2, "image_url")).isEqualTo(Edits.bitmap(64, 64, 1));
    assertThat(codes(alternating)).contains("fal.image.split");
    assertThat(refused(call(Pipeline.IMG2IMG, DEV).imagesPerPrompt(3).edit(Edit.of(two, 0.5))))
        .hasMessageContaining("Cannot duplicate `image` of batch size 2 to 3 text prompts.");
  }

  @Test
  void numbersAreRoundedToEightBitsWithAWord() {
    float[] values = new float[3 * 64 * 64];
    java.util.Arrays.fill(values, 0.5f);
    Images numbers = Images.of(Tensor.of(values, 1, 3, 64, 64));

    FalImagePlan plan = plan(call(Pipeline.IMG2IMG, DEV).edit(Edit.of(numbers, 0.5)));

    assertThat(uploaded(plan, 0, "image_url").pixels()).containsOnly((byte) 128);
    assertThat(codes(plan)).contains("fal.image.rounded");
  }

  @Test
  void endpointsThatAreGoneAreNamedWithTheirSuccessorsWhenSettingsAreRead() {
    for (String key : List.of("FAL_IMAGE_MODEL", "FAL_STT_MODEL", "FAL_VIDEO_MODEL")) {
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class,
                  () -> FalModels.fromEnvironment(Map.of(key, "fal-ai/whisper")::get)))
          .hasMessageContaining(key)
          .hasMessageContaining("fal-ai/wizper");
    }
    assertThat(
            catchThrowableOfType(
                IllegalArgumentException.class,
                () -> FalModels.fromEnvironment(Map.of("FAL_CONTROL_KIND", "edges")::get)))
        .hasMessageContaining("canny, tile, depth");
  }
}
