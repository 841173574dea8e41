package dev.fluxbridge.documents;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.fal.image.FalImagePlan;
import dev.fluxbridge.providers.fal.image.FalImagePlanner;
import dev.fluxbridge.providers.fal.image.FalModels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The guide says which endpoint draws what, and the planner is asked for it. */
class FalEndpointsTest {
  private static final String LAB = "black-forest-labs/FLUX.1-";
  private static final String DEV = LAB + "dev";
  private static final Images PICTURE = Images.of(new Bitmap(64, 64, 1, new byte[64 * 64]));
  private static final Edit IMAGE = Edit.of(PICTURE, 0.6);
  private static final Edit MASKED = Edit.of(PICTURE, PICTURE, 1);
  private static final List<Control> CONTROL = List.of(Control.of(PICTURE));
  private static final FalImagePlanner PLANNER =
      new FalImagePlanner(
          FalModels.fromEnvironment(Map.of("FAL_CONTROL_KIND", "pose")::get), 64_000_000, false);

  private final StringBuilder table = new StringBuilder("| call | endpoint |\n|---|---|\n");

  @Test
  void theEndpointsOnFalAreFresh() {
    plain(Pipeline.FLUX, "FLUX.1 dev", DEV);
    plain(Pipeline.FLUX, "schnell", LAB + "schnell");
    plain(Pipeline.FLUX, "Krea", LAB + "Krea-dev");
    row("FluxPipeline with LoRA weights", Pipeline.FLUX, lora(DEV), call -> call);
    row("FluxPipeline with true_cfg_scale above 1", Pipeline.FLUX, of(DEV), this::negative);
    plain(Pipeline.DE_DISTILLED, "guidance_scale above 1", DEV);
    row(Pipeline.IMG2IMG, of(DEV), call -> call.edit(IMAGE));
    row(
        "FluxImg2ImgPipeline with LoRA weights",
        Pipeline.IMG2IMG,
        lora(DEV),
        call -> call.edit(IMAGE));
    row(
        "FluxImg2ImgPipeline with true_cfg_scale above 1",
        Pipeline.IMG2IMG,
        of(DEV),
        call -> negative(call).edit(IMAGE));
    row(Pipeline.INPAINT, of(DEV), call -> call.edit(MASKED));
    row(
        "FluxInpaintPipeline with true_cfg_scale above 1",
        Pipeline.INPAINT,
        of(DEV),
        call -> negative(call).edit(MASKED));
    row(Pipeline.FILL, of(LAB + "Fill-dev"), call -> call.guidanceScale(30).edit(MASKED));
    control("Canny");
    control("Depth");
    row(Pipeline.CONTROL_INPAINT, of(LAB + "Canny-dev"), c -> c.edit(MASKED).controls(CONTROL));
    row(Pipeline.CONTROLNET, net(), call -> call.controls(CONTROL));
    row(Pipeline.CONTROLNET_IMG2IMG, net(), call -> call.edit(IMAGE).controls(CONTROL));
    row(Pipeline.CONTROLNET_INPAINT, net(), call -> call.edit(MASKED).controls(CONTROL));
    row(Pipeline.KONTEXT, of(LAB + "Kontext-dev"), call -> call.edit(unscaled(false)));
    row(
        "FluxKontextPipeline with LoRA weights",
        Pipeline.KONTEXT,
        lora(LAB + "Kontext-dev"),
        call -> call.edit(unscaled(false)));
    row(
        "FluxKontextPipeline without a picture",
        Pipeline.KONTEXT,
        of(LAB + "Kontext-dev"),
        call -> call);
    row(Pipeline.KONTEXT_INPAINT, of(LAB + "Kontext-dev"), call -> call.edit(unscaled(true)));
    plain(Pipeline.FLEX, "a prompt alone", "ostris/Flex.2-preview");
    flex("a mask", call -> call.edit(MASKED));
    flex("a control image", call -> call.controls(CONTROL));
    flex("both", call -> call.edit(MASKED).controls(CONTROL));
    Documents.assertFresh("endpoints on fal", table.toString());
  }

  private void plain(Pipeline pipeline, String label, String model) {
    row(pipeline.facade() + ", " + label, pipeline, of(model), call -> call);
  }

  private void flex(String label, UnaryOperator<ImageRequestBuilder> more) {
    row("FlexPipeline, " + label, Pipeline.FLEX, of("ostris/Flex.2-preview"), more);
  }

  private void control(String kind) {
    row(
        "FluxControlPipeline, " + kind,
        Pipeline.CONTROL,
        of(LAB + kind + "-dev"),
        call -> call.controls(CONTROL));
    row(
        "FluxControlImg2ImgPipeline, " + kind,
        Pipeline.CONTROL_IMG2IMG,
        of(LAB + kind + "-dev"),
        call -> call.edit(IMAGE).controls(CONTROL));
  }

  private void row(Pipeline pipeline, Weights weights, UnaryOperator<ImageRequestBuilder> more) {
    row(pipeline.facade(), pipeline, weights, more);
  }

  private void row(
      String label, Pipeline pipeline, Weights weights, UnaryOperator<ImageRequestBuilder> more) {
    ImageRequestBuilder call =
        ImageRequest.builder(pipeline, weights).prompts(Prompt.of("a fox")).size(64, 64);
    FalImagePlan plan = PLANNER.plan(more.apply(call).build());
    table.append("| %s | `%s` |%n".formatted(label, plan.parts().get(0).endpoint()));
  }

  private ImageRequestBuilder negative(ImageRequestBuilder call) {
    return call.trueCfgScale(2)
        .prompts(new Prompt("a fox", Optional.empty(), Optional.of("a dog"), Optional.empty()));
  }

  private static Edit unscaled(boolean masked) {
    return new Edit(
        Optional.of(PICTURE),
        masked ? Optional.of(PICTURE) : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        Optional.empty(),
        Edit.NONE.maxArea(),
        false);
  }

  private static Weights of(String model) {
    return Weights.of(model);
  }

  private static Weights lora(String model) {
    return new Weights(
        model, List.of(new Weights.Lora("someone/style", "", "style", 1)), 1, List.of());
  }

  private static Weights net() {
    return new Weights(DEV, List.of(), 1, List.of("someone/net"));
  }
}
