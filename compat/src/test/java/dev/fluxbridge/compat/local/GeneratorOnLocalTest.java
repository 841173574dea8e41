package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.FluxEngine;
import dev.fluxbridge.legacy.flux.StepWatcher;
import dev.fluxbridge.legacy.picture.KontextSizes;
import dev.fluxbridge.legacy.picture.Size;
import dev.fluxbridge.pipelines.Facades;
import dev.fluxbridge.pipelines.FluxKontextArguments;
import dev.fluxbridge.pipelines.FluxKontextInpaintArguments;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * After a call a generator is where the engine left it: facades count what a pipeline draws before
 * it draws. Only the pipelines that the tiny checkpoints can draw.
 */
class GeneratorOnLocalTest {
  private static final FluxEngine FLUX = FluxEngine.load(EmbeddedCheckpoint.folder());
  private static final FluxEngine FLEX = FluxEngine.load(EmbeddedCheckpoint.flexFolder());
  private static final BufferedImage PICTURE =
      new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);

  @AfterAll
  static void free() {
    FLUX.close();
    FLEX.close();
  }

  private static Map<String, Object> call(Pipeline pipeline) {
    Map<String, Object> call = new HashMap<>();
    call.put("prompt", "a red circle");
    call.put("height", 32);
    call.put("width", 48);
    call.put("num_inference_steps", 1);
    call.put("max_sequence_length", 16);
    switch (pipeline) {
      case IMG2IMG -> call.put("image", PICTURE);
      case INPAINT -> call.putAll(Map.of("image", PICTURE, "mask_image", PICTURE));
      case KONTEXT ->
          call.putAll(Map.of("image", PICTURE, "max_area", 48 * 32, "_auto_resize", false));
      case KONTEXT_INPAINT ->
          call.putAll(Map.of("image", PICTURE, "mask_image", PICTURE, "_auto_resize", false));
      case FLEX ->
          call.putAll(
              Map.of("inpaint_image", PICTURE, "inpaint_mask", PICTURE, "control_image", PICTURE));
      default -> {}
    }
    return call;
  }

  private static void assertCounted(Pipeline pipeline, Map<String, ?> changes, int generators) {
    List<Generator> given =
        java.util.stream.IntStream.range(0, generators)
            .mapToObj(i -> new Generator().manualSeed(i))
            .toList();
    Map<String, Object> call = call(pipeline);
    call.putAll(changes);
    call.put("generator", generators == 1 ? given.get(0) : given);
    ImageRequest request = Facades.request(Facades.arguments(pipeline).withAll(call));
    List<Long> drawn =
        (pipeline == Pipeline.FLEX ? FLEX : FLUX)
            .draw(EngineCall.of(request, request.seeds()), StepWatcher.NONE)
            .drawn();
    assertThat(given.stream().map(Facades::drawn).toList()).isEqualTo(drawn);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLUX", "IMG2IMG", "INPAINT", "KONTEXT", "KONTEXT_INPAINT", "FLEX"})
  void oneGeneratorForAll(Pipeline pipeline) {
    assertCounted(pipeline, Map.of(), 1);
    assertCounted(pipeline, Map.of("num_images_per_prompt", 2), 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLUX", "IMG2IMG", "INPAINT", "KONTEXT", "KONTEXT_INPAINT", "FLEX"})
  void oneGeneratorForEachPicture(Pipeline pipeline) {
    assertCounted(pipeline, Map.of("num_images_per_prompt", 2), 2);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLUX", "IMG2IMG", "KONTEXT", "FLEX"})
  void latentsOfTheCaller(Pipeline pipeline) {
    assertCounted(pipeline, Map.of("latents", Tensor.of(new float[6 * 64], 1, 6, 64)), 1);
  }

  @Test
  void kontextChoosesTheSizesThatTheEngineChooses() {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int width = 16 + random.nextInt(600);
      int height = 16 + random.nextInt(600);
      int area = 100_000 + random.nextInt(2_000_000);
      Generator generator = new Generator().manualSeed(i);
      FluxKontextArguments call =
          new FluxKontextArguments().prompt("x").width(width).height(height).maxArea(area);
      Facades.request(call.generator(generator));
      Size drawn = KontextSizes.drawn(new Size(width, height), area);
      assertThat(Facades.drawn(generator)).isEqualTo((long) drawn.width() * drawn.height() / 4);
      ImageRequest edited =
          Facades.request(
              new FluxKontextInpaintArguments()
                  .prompt("x")
                  .image(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY))
                  .maskImage(PICTURE));
      Size picture = new Size(width / 16 * 16, height / 16 * 16);
      assertThat(new Size(edited.width(), edited.height()))
          .isEqualTo(KontextSizes.reference(picture));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INPAINT", "KONTEXT_INPAINT"})
  void latentsOfTheCallerThatAreNotPacked(Pipeline pipeline) {
    int width = pipeline == Pipeline.INPAINT ? 48 : 32;
    Tensor latents = Tensor.of(new float[16 * 4 * (width / 8)], 1, 16, 4, width / 8);
    assertCounted(pipeline, Map.of("latents", latents), 1);
  }
}
