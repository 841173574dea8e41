package dev.fluxbridge.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.Weights.Lora;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** LoRA weights as old callers load and switch them, seen in what the next call asks for. */
class AdaptersTest {
  private final FluxPipeline pipe = FluxPipeline.fromPretrained("m", Fluxbridge.standard());

  private Weights weights(FluxArguments arguments) {
    return new PipelineCall(arguments).request(pipe.loaded(), MemorySaving.NONE).weights();
  }

  private Weights weights() {
    return weights(new FluxArguments().prompt("x"));
  }

  private void loadTwo() {
    pipe.loadLoraWeights(
        "folder",
        Map.of("weight_name", "a.safetensors", "adapter_name", "a", "local_files_only", true));
    pipe.loadLoraWeights("folder", Map.of("weight_name", "b.safetensors", "adapter_name", "b"));
  }

  @Test
  void theLastOneThatIsLoadedActsAlone() {
    loadTwo();
    assertThat(pipe.getListAdapters()).isEqualTo(Map.of("transformer", List.of("a", "b")));
    assertThat(pipe.getActiveAdapters()).containsExactly("b");
    assertThat(weights().loras()).containsExactly(new Lora("folder", "b.safetensors", "b", 1));
  }

  @Test
  void setAdaptersSaysWhichActAndHowStrongly() {
    loadTwo();
    pipe.setAdapters(List.of("a", "b"), List.of(0.8, -0.5));
    assertThat(weights().loras())
        .containsExactly(
            new Lora("folder", "a.safetensors", "a", 0.8),
            new Lora("folder", "b.safetensors", "b", -0.5));
    pipe.setAdapters("a");
    assertThat(weights().loras()).extracting(Lora::weight).containsExactly(1.0);
  }

  @Test
  void aNameThatIsTakenIsRefusedAndHotswapTakesItsPlace() {
    pipe.loadLoraWeights("one", "a");
    assertThatThrownBy(() -> pipe.loadLoraWeights("two", "a"))
        .hasMessage(
            "Adapter name a already in use in the model - please select a new adapter name.");
    pipe.loadLoraWeights("two", Map.of("adapter_name", "a", "hotswap", true));
    assertThat(weights().loras()).containsExactly(new Lora("two", "", "a", 1));
  }

  @Test
  void withoutANameTheyAreNumbered() {
    pipe.loadLoraWeights("one");
    pipe.loadLoraWeights("two");
    assertThat(pipe.getListAdapters().get("transformer")).containsExactly("default_0", "default_1");
  }

  @Test
  void refusesWhatTheOldCodeRefusedWithItsTexts() {
    loadTwo();
    assertThatThrownBy(() -> pipe.setAdapters(List.of("a", "b"), List.of(1.0)))
        .hasMessage("Length of adapter names 2 is not equal to the length of the weights 1");
    assertThatThrownBy(() -> pipe.setAdapters("c"))
        .hasMessage("Adapter name(s) {'c'} not in the list of present adapters: {'a', 'b'}.");
    assertThatThrownBy(() -> pipe.deleteAdapters("c")).hasMessageContaining("{'c'}");
    assertThatThrownBy(() -> pipe.setAdapters("a", Double.NaN))
        .hasMessageContaining("must be a number");
  }

  @Test
  void fusedOnesActAloneAndNoScaleOfACallReachesThem() {
    loadTwo();
    pipe.setAdapters("a", 0.5);
    pipe.fuseLora(0.5);
    pipe.setAdapters("b");
    FluxArguments scaled =
        new FluxArguments().prompt("x").jointAttentionKwargs(Map.of("scale", 0.1));
    assertThat(weights(scaled).loras())
        .containsExactly(new Lora("folder", "a.safetensors", "a", 0.25));
    assertThat(weights(scaled).loraScale()).isEqualTo(1);
    assertThatThrownBy(() -> pipe.deleteAdapters("a")).hasMessageContaining("fused");
    pipe.unfuseLora();
    assertThat(weights(scaled).loras())
        .containsExactly(new Lora("folder", "b.safetensors", "b", 1));
    assertThat(weights(scaled).loraScale()).isEqualTo(0.1);
  }

  @Test
  void whatIsFusedStaysWhenAllAreUnloaded() {
    loadTwo();
    pipe.fuseLora();
    pipe.unloadLoraWeights();
    assertThat(pipe.getListAdapters()).isEmpty();
    pipe.loadLoraWeights("another", "c");
    FluxArguments scaled =
        new FluxArguments().prompt("x").jointAttentionKwargs(Map.of("scale", 0.1));
    assertThat(weights(scaled).loras())
        .containsExactly(
            new Lora("folder", "b.safetensors", "b", 1), new Lora("another", "", "c", 0.1));
  }

  @Test
  void disabledOnesAreLoadedButDoNotAct() {
    loadTwo();
    pipe.disableLora();
    assertThat(weights().loras()).isEmpty();
    assertThatThrownBy(pipe::fuseLora).isInstanceOf(IllegalStateException.class);
    pipe.enableLora();
    assertThat(weights().loras()).hasSize(1);
  }

  @Test
  void whereTheLastActiveOneIsDeletedTheFirstByNameActs() {
    loadTwo();
    pipe.deleteAdapters("b");
    assertThat(pipe.getActiveAdapters()).containsExactly("a");
    pipe.deleteAdapters(List.of("a"));
    assertThat(weights().loras()).isEmpty();
  }

  @Test
  void pipelinesMadeFromOneAnotherShareThem() {
    loadTwo();
    FluxImg2ImgPipeline other = FluxImg2ImgPipeline.fromPipe(pipe);
    other.setAdapters("a");
    other.enableVaeTiling();
    assertThat(pipe.getActiveAdapters()).containsExactly("a");
    assertThat(pipe.vae().tiling()).isTrue();
    FluxFillPipeline fill =
        FluxFillPipeline.fromPipe(pipe, Map.of("transformer", "sayakpaul/FLUX.1-Fill-dev-nf4"));
    assertThat(fill.getListAdapters()).isEmpty();
    assertThat(fill.loaded().model()).isEqualTo("sayakpaul/FLUX.1-Fill-dev-nf4");
  }

  @Test
  void theNetsOfAControlNetPipelineAreInItsWeightsAndInNoOthers() {
    DiffusionPipeline<?> net = Facades.pipeline(Pipeline.CONTROLNET, Fluxbridge.standard());
    assertThat(
            new PipelineCall(
                    new FluxControlNetArguments().prompt("x").controlImage(Breakers.PICTURE))
                .request(net.loaded(), MemorySaving.NONE)
                .weights()
                .controlNets())
        .containsExactly("InstantX/union");
    FluxPipeline plain = FluxPipeline.fromPipe(net);
    assertThat(
            new PipelineCall(new FluxArguments().prompt("x"))
                .request(plain.loaded(), MemorySaving.NONE)
                .weights()
                .controlNets())
        .isEmpty();
  }
}
