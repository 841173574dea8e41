package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.FluxPipelineOutput;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.pipelines.StepCallback;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old call through the whole stack, down to the engine and the checkpoint that comes along. */
class LocalRoadTest {
  private static final Fluxbridge ROADS = roads(Map.of());
  private static final FluxPipeline PIPE =
      FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", ROADS);
  private static final FluxArguments CALL =
      new FluxArguments()
          .prompt("a large red circle at the left of a white background")
          .height(64)
          .width(64)
          .numInferenceSteps(3)
          .maxSequenceLength(32);

  private static Fluxbridge roads(Map<String, String> more) {
    Map<String, String> properties =
        new HashMap<>(
            Map.of(
                "fluxbridge.route.text-to-image", "local", Settings.LOCAL_CHECKPOINT, "embedded"));
    properties.putAll(more);
    return Fluxbridge.of(Settings.of(properties, Map.of(), Map.of()));
  }

  private static Generator seed(long seed) {
    return new Generator().manualSeed(seed);
  }

  @AfterAll
  static void free() {
    ROADS.close();
  }

  @Test
  void theSameSeedGivesTheSamePictureAndAnotherSeedAnother() {
    float[] once = PIPE.call(CALL.generator(seed(7)).outputType("pt")).array().values();
    assertThat(PIPE.call(CALL.generator(seed(7)).outputType("pt")).array().values())
        .isEqualTo(once);
    assertThat(PIPE.call(CALL.generator(seed(8)).outputType("pt")).array().values())
        .isNotEqualTo(once);
  }

  @Test
  void aGeneratorThatIsUsedTwiceDrawsTwoPicturesAsInTorch() {
    Generator generator = seed(7);
    float[] first = PIPE.call(CALL.generator(generator).outputType("pt")).array().values();
    float[] second = PIPE.call(CALL.generator(generator).outputType("pt")).array().values();
    assertThat(second).isNotEqualTo(first);
    // One draw of two pictures takes the same numbers from the stream as two draws of one.
    Tensor both = PIPE.call(CALL.generator(seed(7)).numImagesPerPrompt(2).outputType("pt")).array();
    assertThat(Arrays.copyOf(both.values(), first.length)).containsExactly(first, within(1e-4f));
    assertThat(Arrays.copyOfRange(both.values(), first.length, 2 * first.length))
        .containsExactly(second, within(1e-4f));
  }

  @Test
  void everyOutputTypeShowsTheSamePicture() {
    FluxArguments call = CALL.generator(seed(1));
    Tensor np = PIPE.call(call.generator(seed(1)).outputType("np")).array();
    BufferedImage pil = PIPE.call(call.generator(seed(1))).images().get(0);
    assertThat(np.shape()).containsExactly(1, 64, 64, 3);
    for (int i = 0; i < 64 * 64; i++) {
      int green = pil.getRGB(i % 64, i / 64) >> 8 & 0xff;
      assertThat(green).isEqualTo((int) Math.rint(np.values()[3 * i + 1] * 255f));
    }
    assertThat(PIPE.call(call.generator(seed(1)).outputType("latent")).array().shape())
        .containsExactly(1, 16, 64);
  }

  @Test
  void latentsOfOneCallCanBeginAnother() {
    Tensor noise = Tensor.of(new float[16 * 64], 1, 16, 64);
    float[] once = PIPE.call(CALL.latents(noise).outputType("pt")).array().values();
    assertThat(PIPE.call(CALL.latents(noise).outputType("pt")).array().values()).isEqualTo(once);
  }

  @Test
  void tellsTheSeedThatItChoseByItself() {
    FluxPipelineOutput unseeded = PIPE.call(CALL.outputType("pt"));
    long chosen = unseeded.result().seeds().get(0);
    assertThat(PIPE.call(CALL.generator(seed(chosen)).outputType("pt")).array().values())
        .isEqualTo(unseeded.array().values());
  }

  @Test
  void saysThatTheTinyCheckpointDrewIt() {
    FluxPipelineOutput output = PIPE.call(CALL.numInferenceSteps(1));
    assertThat(output.result().notes())
        .extracting(Note::code)
        .containsExactly("local.model.embedded");
    assertThat(output.result().cost()).isEqualTo(new Cost.NotBilled());
  }

  @Test
  void callsBackAfterEachStepAndTakesItsLatents() {
    List<String> seen = new ArrayList<>();
    StepCallback zero =
        (pipe, index, timestep, tensors) -> {
          seen.add(index + " " + tensors);
          return Map.of("latents", Tensor.of(new float[16 * 64], 1, 16, 64));
        };
    Tensor latents = PIPE.call(CALL.callbackOnStepEnd(zero).outputType("latent")).array();
    assertThat(seen)
        .containsExactly(
            "0 {latents=Tensor[1, 16, 64]}",
            "1 {latents=Tensor[1, 16, 64]}",
            "2 {latents=Tensor[1, 16, 64]}");
    assertThat(latents.values()).containsOnly(0f);
  }

  @Test
  void anInterruptedPipelineSkipsTheRemainingStepsAndDecodes() {
    List<Integer> seen = new ArrayList<>();
    StepCallback stop =
        (pipe, index, timestep, tensors) -> {
          seen.add(index);
          pipe.interrupt();
          return Map.of();
        };
    assertThat(PIPE.call(CALL.callbackOnStepEnd(stop)).images()).hasSize(1);
    assertThat(seen).containsExactly(0);
  }

  @Test
  void anInterruptedThreadCancelsTheCallAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> PIPE.call(CALL))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatACallbackThrowsArrivesAsItIs() {
    IllegalArgumentException own = new IllegalArgumentException("mine");
    StepCallback broken =
        (pipe, index, timestep, tensors) -> {
          throw own;
        };
    assertThatThrownBy(() -> PIPE.call(CALL.callbackOnStepEnd(broken))).isSameAs(own);
  }

  @Test
  void aMissingFolderIsAnErrorThatSaysWhatToSet(@TempDir Path folder) {
    Path none = folder.resolve("none");
    try (Fluxbridge roads = roads(Map.of(Settings.LOCAL_CHECKPOINT, none.toString()))) {
      assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", roads).call(CALL))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
          .hasMessageContaining(none.toString())
          .hasMessageContaining(Settings.LOCAL_CHECKPOINT);
    }
  }

  @Test
  void anEmptyFolderIsAnErrorThatNamesWhatIsMissing(@TempDir Path folder) {
    try (Fluxbridge roads = roads(Map.of(Settings.LOCAL_CHECKPOINT, folder.toString()))) {
      assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", roads).call(CALL))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("model_index.json");
    }
  }

  @Test
  void strictRefusesTheTinyCheckpoint() {
    try (Fluxbridge roads = roads(Map.of(Settings.STRICT, "true"))) {
      assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", roads).call(CALL))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
          .hasMessageContaining("local.model.embedded");
    }
  }

  @Test
  void aClosedRoadSaysSo() {
    Fluxbridge roads = roads(Map.of());
    FluxPipeline pipe = FluxPipeline.fromPretrained("m", roads);
    pipe.call(CALL.numInferenceSteps(1));
    roads.close();
    assertThatThrownBy(() -> pipe.call(CALL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
