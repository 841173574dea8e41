package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many numbers a call takes from its generator, in pictures of latents. {@code
 * GeneratorOnLocalTest} holds the same against the engine.
 */
class DrawsTest {
  private static final long ONE = 16 * 8 * 8;

  private static long drawn(Pipeline pipeline, Map<String, ?> changes) {
    Generator generator = new Generator().manualSeed(1);
    Map<String, @Nullable Object> call = Breakers.good(pipeline);
    call.put("generator", generator);
    call.putAll(changes);
    Facades.request(Facades.arguments(pipeline).withAll(call));
    return Facades.drawn(generator);
  }

  @ParameterizedTest
  @CsvSource({
    "FLUX, 1",
    "DE_DISTILLED, 1",
    "IMG2IMG, 2",
    "INPAINT, 3",
    "FILL, 3",
    "CONTROL, 2",
    "CONTROL_IMG2IMG, 3",
    "CONTROL_INPAINT, 4",
    "CONTROLNET, 2",
    "CONTROLNET_IMG2IMG, 3",
    "CONTROLNET_INPAINT, 4",
    "FLEX, 1"
  })
  void everyPipelineDrawsItsNoiseAndAPosteriorForEachPictureThatItEncodes(
      Pipeline pipeline, int pictures) {
    assertThat(drawn(pipeline, Map.of())).isEqualTo(pictures * ONE);
  }

  @ParameterizedTest
  @CsvSource({
    "FLUX, 0",
    "DE_DISTILLED, 0",
    "IMG2IMG, 0",
    "INPAINT, 2",
    "FILL, 1",
    "CONTROL, 1",
    "CONTROL_IMG2IMG, 1",
    "CONTROL_INPAINT, 3",
    "CONTROLNET, 1",
    "CONTROLNET_IMG2IMG, 1",
    "CONTROLNET_INPAINT, 3",
    "FLEX, 0"
  })
  void latentsOfTheCallerAreNotDrawn(Pipeline pipeline, int pictures) {
    assertThat(drawn(pipeline, Map.of("latents", Tensor.of(new float[16 * 64], 1, 16, 64))))
        .isEqualTo(pictures * ONE);
  }

  @Test
  void flexDrawsAPosteriorForThePictureAndOneForTheControlImage() {
    Map<String, Object> inpaint =
        new HashMap<>(Map.of("inpaint_image", Breakers.PICTURE, "inpaint_mask", Breakers.PICTURE));
    assertThat(drawn(Pipeline.FLEX, inpaint)).isEqualTo(2 * ONE);
    inpaint.put("control_image", Breakers.PICTURE);
    assertThat(drawn(Pipeline.FLEX, inpaint)).isEqualTo(3 * ONE);
  }

  @Test
  void kontextDrawsNoiseOfTheSizeThatItChooses() {
    assertThat(drawn(Pipeline.KONTEXT, Map.of("max_area", 64 * 64))).isEqualTo(ONE);
    assertThat(drawn(Pipeline.KONTEXT, Map.of())).isEqualTo(16 * 128 * 128);
    assertThat(drawn(Pipeline.KONTEXT_INPAINT, Map.of("_auto_resize", false))).isEqualTo(2 * ONE);
    assertThat(drawn(Pipeline.KONTEXT_INPAINT, Map.of())).isEqualTo(2 * 16 * 128 * 128);
  }

  @Test
  void latentsInPlaceOfAPictureAreNotEncoded() {
    Tensor latents = Tensor.of(new float[16 * 8 * 8], 1, 16, 8, 8);
    assertThat(drawn(Pipeline.IMG2IMG, Map.of("image", latents))).isEqualTo(ONE);
    assertThat(drawn(Pipeline.INPAINT, Map.of("image", latents))).isEqualTo(ONE);
    assertThat(drawn(Pipeline.INPAINT, Map.of("masked_image_latents", latents))).isEqualTo(2 * ONE);
    Tensor packed = Tensor.of(new float[16 * 64], 1, 16, 64);
    assertThat(drawn(Pipeline.CONTROL, Map.of("control_image", packed))).isEqualTo(ONE);
  }

  @Test
  void ofSeveralGeneratorsOnlyTheFirstDrawsForASinglePicture() {
    List<Generator> two = List.of(new Generator().manualSeed(1), new Generator().manualSeed(2));
    drawn(Pipeline.IMG2IMG, Map.of("generator", two, "num_images_per_prompt", 2));
    assertThat(Facades.drawn(two.get(0))).isEqualTo(2 * ONE);
    assertThat(Facades.drawn(two.get(1))).isEqualTo(ONE);
  }

  @Test
  void aControlImageIsEncodedForEveryPicture() {
    assertThat(drawn(Pipeline.CONTROL, Map.of("num_images_per_prompt", 3))).isEqualTo(6 * ONE);
    assertThat(drawn(Pipeline.IMG2IMG, Map.of("num_images_per_prompt", 3))).isEqualTo(4 * ONE);
  }
}
