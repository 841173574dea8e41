package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loading and switching, as old callers do it. */
class DiffusionPipelineTest {

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void everyFacadeIsNamedAsItsPipeline(Pipeline pipeline) {
    DiffusionPipeline<?> facade = Facades.pipeline(pipeline, Fluxbridge.standard());
    assertThat(facade.getClass().getSimpleName()).isEqualTo(pipeline.facade());
    assertThat(facade.to("cuda")).isSameAs(facade);
    assertThat(facade.toString()).isEqualTo(pipeline.facade() + "[black-forest-labs/FLUX.1-dev]");
  }

  @Test
  void takesTheOldKeywordsOfLoading() {
    FluxDeDistilledPipeline pipe =
        FluxDeDistilledPipeline.fromPretrained(
            "black-forest-labs/FLUX.1-schnell",
            Map.of(
                "transformer",
                "InstantX/flux-dev-de-distill-diffusers",
                "torch_dtype",
                "bfloat16",
                "local_files_only",
                true,
                "never_heard_of",
                1));
    assertThat(pipe.loaded().model()).isEqualTo("InstantX/flux-dev-de-distill-diffusers");
  }

  @Test
  void refusesPartsThatItCannotTake() {
    assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", Map.of("vae", new Object())))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("`vae`");
    assertThatThrownBy(
            () -> FluxPipeline.fromPretrained("m", Map.of("custom_pipeline", "flex_pipeline.py")))
        .hasMessageContaining("FlexPipeline");
    assertThat(Flex2Pipeline.fromPretrained("m", Map.of("custom_pipeline", "x.py")).toString())
        .isEqualTo("Flex2Pipeline[m]");
    assertThatThrownBy(
            () -> FluxControlNetPipeline.fromPretrained("m", Map.of("controlnet", "InstantX/x")))
        .hasMessage("`controlnet` must be a FluxControlNetModel or a list of them");
  }

  @Test
  void aControlNetPipelineWithoutANetFailsAsItEverDid() {
    assertThatThrownBy(() -> FluxControlNetPipeline.fromPretrained("m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected {")
        .hasMessageContaining("'controlnet'}, but only {");
    FluxPipeline plain = FluxPipeline.fromPretrained("m");
    assertThatThrownBy(() -> FluxControlNetInpaintPipeline.fromPipe(plain))
        .hasMessageContaining("but only {");
    List<FluxControlNetModel> two =
        List.of(FluxControlNetModel.fromPretrained("a"), FluxControlNetModel.fromPretrained("b"));
    assertThat(FluxControlNetPipeline.fromPretrained("m", two).loaded().severalNets()).isTrue();
  }

  @Test
  void aModelThatIsNamedForAPipelineIsDrawnByThatOne() {
    assertThat(DiffusionPipeline.fromPretrained("black-forest-labs/FLUX.1-Kontext-dev"))
        .isInstanceOf(FluxKontextPipeline.class);
    assertThat(DiffusionPipeline.fromPretrained("black-forest-labs/FLUX.1-Fill-dev"))
        .isInstanceOf(FluxFillPipeline.class);
    assertThat(DiffusionPipeline.fromPretrained("ostris/Flex.2-preview"))
        .isInstanceOf(FlexPipeline.class);
    assertThat(DiffusionPipeline.fromPretrained("ChuckMcSneed/FLUX.1-dev"))
        .isInstanceOf(FluxPipeline.class);
  }

  @Test
  void sequentialOffloadAndAGpuDoNotGoTogether() {
    FluxPipeline pipe = FluxPipeline.fromPretrained("m");
    pipe.enableSequentialCpuOffload();
    assertThat(pipe.to("cpu")).isSameAs(pipe);
    assertThatThrownBy(() -> pipe.to("cuda:0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "It seems like you have activated sequential model offloading by calling `enable_sequential_cpu_offload`");
    pipe.enableModelCpuOffload();
    assertThat(pipe.to("cuda:0")).isSameAs(pipe);
  }

  @Test
  void theNextCallSavesMemoryAsItWasTold() {
    FluxPipeline pipe = FluxPipeline.fromPretrained("m");
    assertThat(pipe.memory()).isEqualTo(MemorySaving.NONE);
    pipe.enableModelCpuOffload(1);
    pipe.enableVaeSlicing();
    pipe.vae().enableTiling();
    assertThat(pipe.memory()).isEqualTo(new MemorySaving(true, true, true));
    pipe.vae().disableSlicing();
    pipe.disableVaeTiling();
    assertThat(pipe.memory()).isEqualTo(new MemorySaving(true, false, false));
    // Offload is a pipeline's own; what the autoencoder does is shared with it.
    pipe.enableVaeTiling();
    assertThat(FluxImg2ImgPipeline.fromPipe(pipe).memory())
        .isEqualTo(new MemorySaving(false, false, true));
  }

  @Test
  void aRouteToABackendWithoutAKeySaysSoAfterTheOldChecks() {
    Settings keyless =
        Settings.of(Map.of("fluxbridge.route.text-to-image", "fal"), Map.of(), Map.of());
    try (Fluxbridge roads = Fluxbridge.of(keyless)) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("m", roads);
      assertThatThrownBy(() -> pipe.call(Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Provide either `prompt`");
      assertThatThrownBy(() -> pipe.call("x")).isInstanceOf(BackendException.class);
    }
  }
}
