package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.RefusedArgumentException;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.Tensor;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The old call through the whole stack, down to sockets. */
class FluxPipelineRoadsTest {
  private static final String ROUTE = "fluxbridge.route.text-to-image";
  private static final FluxArguments CALL =
      new FluxArguments().prompt("a cat").height(64).width(64);

  private final FalOnLoopback fal = new FalOnLoopback();

  @AfterEach
  void stop() {
    fal.close();
  }

  private FluxPipelineOutput call(FluxArguments arguments, Map<String, String> settings) {
    try (Fluxbridge roads = Fluxbridge.of(fal.settings(settings))) {
      return FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads).call(arguments);
    }
  }

  @Test
  void drawsThroughFalWhereTheFlagSaysSo() {
    FluxPipelineOutput output = call(CALL, Map.of());
    assertThat(output.images().get(0).getRGB(5, 5) & 0xffffff).isEqualTo(FalOnLoopback.COLOUR);
    assertThat(output.result().provenance().backend()).isEqualTo("fal");
    assertThat(output.result().provenance().because())
        .isEqualTo("system property " + ROUTE + " says so");
    assertThat(output.result().provenance().requestIds()).containsExactly("r-1");
    assertThat(output.result().notes()).isEmpty();
  }

  @Test
  void sendsTheOldDefaultsExplicitly() {
    call(new FluxArguments().prompt("a cat"), Map.of());
    JsonNode body = fal.submitted().get(0);
    assertThat(body.at("/image_size/width").asInt()).isEqualTo(1024);
    assertThat(body.at("/image_size/height").asInt()).isEqualTo(1024);
    assertThat(body.at("/num_inference_steps").asInt()).isEqualTo(28);
    assertThat(body.at("/guidance_scale").asDouble()).isEqualTo(3.5);
    assertThat(body.at("/prompt").asText()).isEqualTo("a cat");
  }

  @Test
  void givesArraysOfHostedPicturesToo() {
    Tensor array = call(CALL.outputType("np"), Map.of()).array();
    assertThat(array.shape()).containsExactly(1, 64, 64, 3);
    assertThat(array.values()).startsWith(0x33 / 255f, 0x66 / 255f, 0xcc / 255f);
  }

  @Test
  void anUnknownOutputTypeMeansNumpyAsEver() {
    assertThat(call(CALL.outputType("npy"), Map.of()).array().shape())
        .containsExactly(1, 64, 64, 3);
  }

  @Test
  void saysThatACallbackWasNeverCalled() {
    StepCallback never =
        (pipe, index, timestep, tensors) -> {
          throw new AssertionError("there are no steps to see");
        };
    assertThat(call(CALL.callbackOnStepEnd(never), Map.of()).result().notes())
        .extracting(Note::code)
        .containsExactly("flux.callback_on_step_end.no_steps");
  }

  @Test
  void strictRefusesASizeThatWouldBeFlooredAndSendsNothing() {
    assertThatThrownBy(() -> call(CALL.width(100), Map.of(Settings.STRICT, "true")))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("flux.size.floored");
    assertThat(fal.submitted()).isEmpty();
  }

  @Test
  void strictRefusesWhatFalCannotDoExactlyAndSendsNothing() {
    assertThatThrownBy(() -> call(CALL.generator(new Generator()), Map.of(Settings.STRICT, "true")))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    assertThat(fal.submitted()).isEmpty();
  }

  @Test
  void aWrongCallFailsTheSameOnEveryRoad() {
    assertThatThrownBy(() -> call(CALL.maxSequenceLength(513), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`max_sequence_length` cannot be greater than 512 but is 513");
    assertThat(fal.submitted()).isEmpty();
  }

  @Test
  void aListenerThatFailsDoesNotLoseWhatWasPaidFor() {
    try (Fluxbridge roads =
        Fluxbridge.watched(
            fal.settings(Map.of()),
            Progress.NONE,
            result -> {
              throw new IllegalStateException("not listening");
            })) {
      assertThat(FluxPipeline.fromPretrained("m", roads).call(CALL).images()).hasSize(1);
    }
  }

  @Test
  void aCallThatFailsLeavesItsGeneratorWhereItWas() {
    Generator generator = new Generator().manualSeed(5);
    FluxArguments seeded = CALL.generator(generator);
    assertThatThrownBy(() -> call(seeded, Map.of(ROUTE, "cloud")))
        .isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> call(seeded.numInferenceSteps(0), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    call(seeded, Map.of());
    assertThat(fal.submitted().get(0).get("seed").asLong()).isEqualTo(5);
    call(seeded, Map.of());
    assertThat(fal.submitted().get(1).get("seed").asLong()).isNotEqualTo(5);
  }

  @Test
  void anUnknownFlagIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> call(CALL, Map.of(ROUTE, "cloud")))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'cloud'")
        .hasMessageContaining("local, fal");
  }

  @Test
  void aSettingThatMakesNoSenseIsNamedWithItsPlace() {
    assertThatThrownBy(() -> call(CALL, Map.of(Settings.FAL_DEADLINE, "ten minutes")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("system property " + Settings.FAL_DEADLINE + " says 'ten minutes'");
  }

  @Test
  void theLocalRoadIsThereOrRefusedByName() {
    Map<String, String> local = Map.of(ROUTE, "local", Settings.LOCAL_CHECKPOINT, "embedded");
    if (isInstalled()) {
      assertThat(call(CALL.numInferenceSteps(1), local).result().provenance().backend())
          .isEqualTo("local");
      return;
    }
    assertThatThrownBy(() -> call(CALL, local))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("'local', which is not installed. Installed for text-to-image: fal");
  }

  private static boolean isInstalled() {
    return Fluxbridge.class.getResource("local/LocalBackendFactory.class") != null;
  }

  @Test
  void noKeyIsAnErrorThatNamesTheVariable() {
    Settings keyless = Settings.of(Map.of(ROUTE, "fal"), Map.of(), Map.of());
    try (Fluxbridge roads = Fluxbridge.of(keyless)) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      assertThatThrownBy(() -> pipe.call(CALL))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
          .hasMessageContaining("FAL_KEY");
    }
  }

  @Test
  void theFlagIsAskedAnewForEveryCall() {
    String before = System.getProperty(ROUTE);
    try (Fluxbridge roads = Fluxbridge.ofProcess()) {
      System.setProperty(ROUTE, "openai");
      assertThat(roads.decide(Task.TEXT_TO_IMAGE, null).backend()).isEqualTo("openai");
      System.setProperty(ROUTE, "fal");
      assertThat(roads.decide(Task.TEXT_TO_IMAGE, null).backend()).isEqualTo("fal");
    } finally {
      if (before == null) {
        System.clearProperty(ROUTE);
      } else {
        System.setProperty(ROUTE, before);
      }
    }
  }

  @Test
  void aRefusalNamesTheRoadsThatTakeTheArgument() {
    Tensor noise = Tensor.of(new float[16 * 64], 1, 16, 64);
    boolean local = Fluxbridge.class.getResource("local/LocalBackendFactory.class") != null;
    assertThatThrownBy(() -> call(CALL.latents(noise), Map.of()))
        .isInstanceOfSatisfying(
            RefusedArgumentException.class,
            e -> assertThat(e.row().code()).isEqualTo("fal.latents.refused"))
        .hasMessageContaining("latents (fal.latents.refused): ")
        .hasMessageContaining(
            local ? "; on this road it is taken: local (see" : "sent to fal (see");
    assertThat(fal.submitted()).isEmpty();
  }
}
