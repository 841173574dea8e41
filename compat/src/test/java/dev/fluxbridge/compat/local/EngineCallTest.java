package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.legacy.flux.Call;
import dev.fluxbridge.legacy.flux.ControlImageToImage;
import dev.fluxbridge.legacy.flux.ControlInpaint;
import dev.fluxbridge.legacy.flux.ControlNetImageToImage;
import dev.fluxbridge.legacy.flux.ControlNetInpaint;
import dev.fluxbridge.legacy.flux.ControlNetInput;
import dev.fluxbridge.legacy.flux.ControlNetTextToImage;
import dev.fluxbridge.legacy.flux.DeDistilled;
import dev.fluxbridge.legacy.flux.Fill;
import dev.fluxbridge.legacy.flux.Flex;
import dev.fluxbridge.legacy.flux.ImageToImage;
import dev.fluxbridge.legacy.flux.Inpaint;
import dev.fluxbridge.legacy.flux.Kontext;
import dev.fluxbridge.legacy.flux.KontextInpaint;
import dev.fluxbridge.legacy.flux.Sampling;
import dev.fluxbridge.legacy.flux.TextToImage;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every argument of a request arrives in the engine's call, in its place. */
class EngineCallTest {
  private static final dev.fluxbridge.providers.Images IMAGE = picture(1);
  private static final dev.fluxbridge.providers.Images MASK = picture(2);
  private static final dev.fluxbridge.providers.Images REFERENCE = picture(3);
  private static final dev.fluxbridge.providers.Images DRAWING = picture(4);
  private static final Tensor MASKED_LATENTS = Tensor.of(new float[64], 1, 1, 64);

  private static dev.fluxbridge.providers.Images picture(int value) {
    return dev.fluxbridge.providers.Images.of(new Bitmap(1, 1, 1, new byte[] {(byte) value}));
  }

  private static int value(Images images) {
    return ((Images.Bitmaps) images).bitmaps().get(0).pixels()[0];
  }

  private static ImageRequestBuilder builder(Pipeline pipeline) {
    return ImageRequest.builder(pipeline, new Weights("m", List.of(), 0.7, List.of()))
        .prompts(new Prompt("clip", Optional.of("t5"), Optional.of("no"), Optional.of("no, by t5")))
        .edit(
            new Edit(
                Optional.of(IMAGE),
                Optional.of(MASK),
                Optional.of(REFERENCE),
                pipeline == Pipeline.CONTROL_INPAINT
                    ? Optional.empty()
                    : Optional.of(MASKED_LATENTS),
                0.4,
                Optional.of(8),
                4096,
                false))
        .controls(List.of(new Control(DRAWING, Optional.of(2), 0.6, 0.1, 0.9)))
        .size(64, 32)
        .steps(5)
        .sigmas(List.of(1.0, 0.5))
        .guidanceScale(2.5)
        .trueCfgScale(3)
        .imagesPerPrompt(2)
        .latents(Optional.of(Tensor.of(new float[2], 1, 1, 2)))
        .maxSequenceLength(77);
  }

  private static Call call(Pipeline pipeline) {
    return EngineCall.of(builder(pipeline).build(), List.of(new Seed(7, 9)));
  }

  @ParameterizedTest
  @EnumSource
  void handsOnWhatEveryPipelineTakes(Pipeline pipeline) {
    Sampling s = call(pipeline).sampling();
    assertThat(s.prompts()).containsExactly(new Sampling.Prompt("clip", "t5"));
    assertThat(s.negativePrompts()).containsExactly(new Sampling.Prompt("no", "no, by t5"));
    assertThat(List.of(s.width(), s.height(), s.steps(), s.imagesPerPrompt()))
        .containsExactly(64, 32, 5, 2);
    assertThat(s.sigmas()).containsExactly(1.0, 0.5);
    assertThat(List.of(s.guidanceScale(), s.trueCfgScale(), s.loraScale()))
        .containsExactly(2.5, 3.0, 0.7);
    assertThat(s.noise()).hasSize(1);
    assertThat(s.noise().get(0).seed()).isEqualTo(7);
    assertThat(s.noise().get(0).drawn()).isEqualTo(9);
    assertThat(s.latents().orElseThrow().shape()).containsExactly(1, 1, 2);
    assertThat(s.maxSequenceLength()).isEqualTo(77);
    assertThat(s.decode()).isTrue();
  }

  @Test
  void handsOnWhatEachPipelineTakesByItself() {
    assertThat(call(Pipeline.FLUX)).isInstanceOf(TextToImage.class);
    assertThat(call(Pipeline.DE_DISTILLED)).isInstanceOf(DeDistilled.class);
    assertThat(call(Pipeline.IMG2IMG))
        .isInstanceOfSatisfying(
            ImageToImage.class,
            c -> {
              assertThat(value(c.image())).isEqualTo(1);
              assertThat(c.strength()).isEqualTo(0.4);
            });
    assertThat(call(Pipeline.INPAINT))
        .isInstanceOfSatisfying(
            Inpaint.class,
            c -> {
              assertThat(List.of(value(c.image()), value(c.mask()))).containsExactly(1, 2);
              assertThat(c.maskedImageLatents()).isPresent();
              assertThat(c.strength()).isEqualTo(0.4);
              assertThat(c.paddingMaskCrop()).contains(8);
            });
    assertThat(call(Pipeline.FILL))
        .isInstanceOfSatisfying(
            Fill.class,
            c -> {
              assertThat(value(c.image().orElseThrow())).isEqualTo(1);
              assertThat(value(c.mask().orElseThrow())).isEqualTo(2);
              assertThat(c.maskedImageLatents()).isPresent();
              assertThat(c.strength()).isEqualTo(0.4);
            });
    assertThat(call(Pipeline.KONTEXT))
        .isInstanceOfSatisfying(
            Kontext.class,
            c -> {
              assertThat(value(c.image().orElseThrow())).isEqualTo(1);
              assertThat(c.maxArea()).isEqualTo(4096);
              assertThat(c.autoResize()).isFalse();
            });
    assertThat(call(Pipeline.KONTEXT_INPAINT))
        .isInstanceOfSatisfying(
            KontextInpaint.class,
            c -> {
              assertThat(
                      List.of(
                          value(c.image()),
                          value(c.mask()),
                          value(c.imageReference().orElseThrow())))
                  .containsExactly(1, 2, 3);
              assertThat(c.strength()).isEqualTo(0.4);
              assertThat(c.paddingMaskCrop()).contains(8);
              assertThat(c.maxArea()).isEqualTo(4096);
              assertThat(c.autoResize()).isFalse();
            });
  }

  @Test
  void handsOnControlImages() {
    assertThat(call(Pipeline.CONTROL))
        .isInstanceOfSatisfying(
            dev.fluxbridge.legacy.flux.Control.class,
            c -> assertThat(value(c.controlImage())).isEqualTo(4));
    assertThat(call(Pipeline.CONTROL_IMG2IMG))
        .isInstanceOfSatisfying(
            ControlImageToImage.class,
            c -> {
              assertThat(List.of(value(c.image()), value(c.controlImage()))).containsExactly(1, 4);
              assertThat(c.strength()).isEqualTo(0.4);
            });
    assertThat(call(Pipeline.CONTROL_INPAINT))
        .isInstanceOfSatisfying(
            ControlInpaint.class,
            c -> {
              assertThat(List.of(value(c.image()), value(c.controlImage()), value(c.mask())))
                  .containsExactly(1, 4, 2);
              assertThat(c.strength()).isEqualTo(0.4);
            });
    assertThat(call(Pipeline.CONTROLNET))
        .isInstanceOfSatisfying(ControlNetTextToImage.class, c -> assertNet(c.controls()));
    assertThat(call(Pipeline.CONTROLNET_IMG2IMG))
        .isInstanceOfSatisfying(
            ControlNetImageToImage.class,
            c -> {
              assertNet(c.controls());
              assertThat(value(c.image())).isEqualTo(1);
              assertThat(c.strength()).isEqualTo(0.4);
            });
    assertThat(call(Pipeline.CONTROLNET_INPAINT))
        .isInstanceOfSatisfying(
            ControlNetInpaint.class,
            c -> {
              assertNet(c.controls());
              assertThat(List.of(value(c.image()), value(c.mask()))).containsExactly(1, 2);
              assertThat(c.maskedImageLatents()).isPresent();
              assertThat(c.strength()).isEqualTo(0.4);
              assertThat(c.paddingMaskCrop()).contains(8);
            });
    assertThat(call(Pipeline.FLEX))
        .isInstanceOfSatisfying(
            Flex.class,
            c -> {
              assertThat(
                      List.of(
                          value(c.inpaintImage().orElseThrow()),
                          value(c.inpaintMask().orElseThrow()),
                          value(c.controlImage().orElseThrow())))
                  .containsExactly(1, 2, 4);
              assertThat(c.controlStrength()).isEqualTo(0.6);
              assertThat(c.controlStop()).isEqualTo(0.9);
            });
  }

  private static void assertNet(List<ControlNetInput> controls) {
    assertThat(controls).hasSize(1);
    ControlNetInput net = controls.get(0);
    assertThat(value(net.image())).isEqualTo(4);
    assertThat(net.mode()).contains(2);
    assertThat(List.of(net.conditioningScale(), net.start(), net.end()))
        .containsExactly(0.6, 0.1, 0.9);
  }

  @Test
  void aDeDistilledModelTakesTheNegativePromptByItsGuidance() {
    ImageRequest off = builder(Pipeline.DE_DISTILLED).trueCfgScale(1).guidanceScale(1).build();
    assertThat(EngineCall.of(off, List.of()).sampling().negativePrompts()).isEmpty();
    ImageRequest on = builder(Pipeline.DE_DISTILLED).trueCfgScale(1).guidanceScale(2).build();
    assertThat(EngineCall.of(on, List.of()).sampling().negativePrompts()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "IMG2IMG",
        "INPAINT",
        "CONTROL",
        "CONTROL_IMG2IMG",
        "CONTROL_INPAINT",
        "CONTROLNET",
        "CONTROLNET_IMG2IMG",
        "CONTROLNET_INPAINT",
        "KONTEXT_INPAINT"
      })
  void namesThePictureThatIsMissing(Pipeline pipeline) {
    ImageRequest bare =
        ImageRequest.builder(pipeline, Weights.of("m")).prompts(Prompt.of("a")).build();
    assertThatThrownBy(() -> EngineCall.of(bare, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("`(image|control_image)` must be given for this pipeline");
  }

  @Test
  void refusesMaskedLatentsWhereTheyChangedNothing() {
    ImageRequest request =
        ImageRequest.builder(Pipeline.CONTROL_INPAINT, Weights.of("m"))
            .prompts(Prompt.of("a"))
            .edit(builder(Pipeline.INPAINT).build().edit())
            .controls(List.of(Control.of(DRAWING)))
            .build();
    assertThatThrownBy(() -> EngineCall.of(request, List.of()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("local.masked_image_latents.control_inpaint");
  }

  @Test
  void makesPicturesRgbAndLeavesMasksGrey() {
    assertThat(bytes(IMAGE)).containsExactly(1, 1, 1);
    assertThat(
            bytes(
                dev.fluxbridge.providers.Images.of(
                    new Bitmap(2, 1, 4, new byte[] {1, 2, 3, 9, 4, 5, 6, 9}))))
        .containsExactly(1, 2, 3, 4, 5, 6);
    Inpaint call = (Inpaint) call(Pipeline.INPAINT);
    assertThat(((Images.Bitmaps) call.mask()).bitmaps().get(0).channels()).isEqualTo(1);
  }

  private static byte[] bytes(dev.fluxbridge.providers.Images image) {
    ImageRequest request = builder(Pipeline.IMG2IMG).edit(Edit.of(image, 1)).build();
    ImageToImage call = (ImageToImage) EngineCall.of(request, List.of());
    return ((Images.Bitmaps) call.image()).bitmaps().get(0).pixels();
  }
}
