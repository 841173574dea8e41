package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequestBuilder;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.Weights.Lora;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The other pipelines, LoRA weights and ControlNets, down to the checkpoints that come along. */
class LocalPipelinesTest {
  private static final int SIDE = 64;
  private static final int WIDTH_OF_TINY = 96;
  private static final LocalBackend BACKEND =
      new LocalBackend(
          Settings.of(Map.of(Settings.LOCAL_CHECKPOINT, "embedded"), Map.of(), Map.of()));

  @AfterAll
  static void free() {
    BACKEND.close();
  }

  private static ImageRequestBuilder call(Pipeline pipeline, Weights weights) {
    return ImageRequest.builder(pipeline, weights)
        .prompts(Prompt.of("a large red circle"))
        .size(SIDE, SIDE)
        .steps(3)
        .maxSequenceLength(32)
        .seeds(List.of(Seed.of(7)));
  }

  private static ImageRequestBuilder call(Pipeline pipeline) {
    return call(pipeline, Weights.of("m"));
  }

  private static float[] draw(ImageRequestBuilder call) {
    return draw(call, Progress.NONE);
  }

  private static float[] draw(ImageRequestBuilder call, Progress progress) {
    Picture picture = BACKEND.generate(call.build(), progress).images().get(0);
    return ((Picture.Pixels) picture).values().values();
  }

  private static Images grey(int level) {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    Arrays.fill(pixels, (byte) level);
    return Images.of(new Bitmap(SIDE, SIDE, 3, pixels));
  }

  /** White on the right half. */
  private static Images rightHalf() {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % SIDE < SIDE / 2 ? 0 : 255);
    }
    return Images.of(new Bitmap(SIDE, SIDE, 1, pixels));
  }

  @Test
  void imageToImageStartsFromThePictureAsFarAsTheStrengthLeavesIt() {
    float[] little = draw(call(Pipeline.IMG2IMG).steps(10).edit(Edit.of(grey(0), 0.1)));
    float[] all = draw(call(Pipeline.IMG2IMG).edit(Edit.of(grey(0), 1)));
    assertThat(mean(little)).isLessThan(0.3);
    assertThat(mean(all)).isGreaterThan(0.7);
  }

  @Test
  void inpaintingKeepsWhatTheMaskProtects() {
    float[] drawn = draw(call(Pipeline.INPAINT).edit(Edit.of(grey(0), rightHalf(), 1)));
    assertThat(meanOfHalf(drawn, 0)).isLessThan(0.2);
    assertThat(meanOfHalf(drawn, SIDE / 2)).isGreaterThan(meanOfHalf(drawn, 0) + 0.2);
  }

  @Test
  void flexIsDrawnByACheckpointOfItsOwn() {
    float[] plain = draw(call(Pipeline.FLEX));
    float[] edited = draw(call(Pipeline.FLEX).edit(Edit.of(grey(0), rightHalf(), 1)));
    float[] steered = draw(call(Pipeline.FLEX).controls(List.of(Control.of(rightHalf()))));
    assertThat(edited).isNotEqualTo(plain);
    assertThat(steered).isNotEqualTo(plain);
    assertThat(draw(call(Pipeline.FLEX).controls(List.of(still())))).isNotEqualTo(steered);
  }

  /** A control image that no step looks at. */
  private static Control still() {
    return new Control(rightHalf(), Optional.empty(), 1, 0, 0);
  }

  @Test
  void kontextChoosesItsSizeByTheArea() {
    Edit edit =
        new Edit(
            Optional.of(grey(0)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty(),
            SIDE * SIDE,
            false);
    Picture drawn =
        BACKEND.generate(call(Pipeline.KONTEXT).size(100, 50).edit(edit).build()).images().get(0);
    Tensor pixels = ((Picture.Pixels) drawn).values();
    assertThat(pixels.shape()).containsExactly(3, 32, 80);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILL", "CONTROL", "CONTROLNET"})
  void saysWhatTheCheckpointCannotDraw(Pipeline pipeline) {
    ImageRequest asked =
        call(pipeline)
            .edit(Edit.of(grey(0), rightHalf(), 1))
            .controls(List.of(Control.of(grey(0))))
            .build();
    assertThatThrownBy(() -> BACKEND.generate(asked))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }

  @Test
  void slicesAndTilesOnlyWhereTheCallSaysSo() {
    float[] plain = draw(call(Pipeline.FLUX));
    assertThat(draw(call(Pipeline.FLUX).memory(new MemorySaving(false, true, false))))
        .isEqualTo(plain);
    assertThat(draw(call(Pipeline.FLUX))).isEqualTo(plain);
  }

  @Test
  void saysThatThereIsNothingToOffloadFrom() {
    assertThat(
            BACKEND
                .generate(call(Pipeline.FLUX).memory(new MemorySaving(true, false, false)).build())
                .notes())
        .extracting(Note::code)
        .contains("local.enable_model_cpu_offload.cpu");
  }

  @Test
  void eachCallIsDrawnWithItsOwnLoraWeights(@TempDir Path folder) throws IOException {
    Lora red = lora(folder, "red", 1);
    Lora blue = lora(folder, "blue", 2);
    float[] plain = draw(call(Pipeline.FLUX));
    float[] withRed = draw(call(Pipeline.FLUX, weights(1, red)));
    float[] withBlue = draw(call(Pipeline.FLUX, weights(1, blue)));
    assertThat(withRed).isNotEqualTo(plain).isNotEqualTo(withBlue);
    assertThat(draw(call(Pipeline.FLUX))).isEqualTo(plain);
    assertThat(draw(call(Pipeline.FLUX, weights(1, red)))).isEqualTo(withRed);
    assertThat(draw(call(Pipeline.FLUX, weights(0, red)))).isEqualTo(plain);
    assertThat(draw(call(Pipeline.FLUX, weights(1, red, blue))))
        .isNotEqualTo(withRed)
        .isNotEqualTo(withBlue);
    Lora half = new Lora(red.source(), red.file(), "another name", 0.5);
    assertThat(draw(call(Pipeline.FLUX, weights(1, half))))
        .isEqualTo(draw(call(Pipeline.FLUX, weights(0.5, red))));
  }

  @Test
  void aCallFromInsideACallbackGivesTheOuterOneItsWeightsBack(@TempDir Path folder)
      throws IOException {
    Lora red = lora(folder, "red", 1);
    float[] alone = draw(call(Pipeline.FLUX, weights(1, red)));
    Progress nesting =
        new Progress() {
          @Override
          public boolean stopEarly() {
            draw(call(Pipeline.FLUX).steps(1));
            return false;
          }
        };
    assertThat(draw(call(Pipeline.FLUX, weights(1, red)), nesting)).isEqualTo(alone);
  }

  @Test
  void aLoraThatIsNotThereIsAnErrorAndTheNextCallIsDrawn(@TempDir Path folder) throws IOException {
    Lora red = lora(folder, "red", 1);
    Lora none = new Lora(folder.toString(), "none.safetensors", "none", 1);
    float[] withRed = draw(call(Pipeline.FLUX, weights(1, red)));
    assertThatThrownBy(() -> draw(call(Pipeline.FLUX, weights(1, red, none))))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("none.safetensors");
    Path broken = Files.write(folder.resolve("broken.safetensors"), new byte[3]);
    assertThatThrownBy(
            () ->
                draw(
                    call(
                        Pipeline.FLUX,
                        weights(1, red, new Lora(broken.toString(), "", "broken", 1)))))
        .isInstanceOf(BackendException.class);
    assertThat(draw(call(Pipeline.FLUX, weights(1, red)))).isEqualTo(withRed);
  }

  @Test
  void aControlNetThatIsNotThereIsAnError() {
    Weights weights = new Weights("m", List.of(), 1, List.of("/no/such/net"));
    assertThatThrownBy(
            () -> draw(call(Pipeline.CONTROLNET, weights).controls(List.of(Control.of(grey(0))))))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no ControlNet /no/such/net");
  }

  private static Weights weights(double scale, Lora... loras) {
    return new Weights("m", List.of(loras), scale, List.of());
  }

  /** A LoRA of rank 2 on one layer of the tiny transformer, with numbers of that seed. */
  private static Lora lora(Path folder, String name, long seed) throws IOException {
    String layer = "transformer.transformer_blocks.0.attn.to_q.";
    int bytes = 2 * WIDTH_OF_TINY * Float.BYTES;
    String header =
        "{\"%slora_A.weight\":{\"dtype\":\"F32\",\"shape\":[2,%d],\"data_offsets\":[0,%d]},"
            + "\"%slora_B.weight\":{\"dtype\":\"F32\",\"shape\":[%d,2],\"data_offsets\":[%d,%d]}}";
    byte[] json =
        header
            .formatted(layer, WIDTH_OF_TINY, bytes, layer, WIDTH_OF_TINY, bytes, 2 * bytes)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + 2 * bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    Random random = new Random(seed);
    while (file.hasRemaining()) {
      file.putFloat((float) random.nextGaussian());
    }
    Files.write(folder.resolve(name + ".safetensors"), file.array());
    return new Lora(folder.toString(), name + ".safetensors", name, 1);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double meanOfHalf(float[] values, int from) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      int column = i % SIDE;
      sum += column >= from && column < from + SIDE / 2 ? values[i] : 0;
    }
    return sum / (values.length / 2.0);
  }
}
