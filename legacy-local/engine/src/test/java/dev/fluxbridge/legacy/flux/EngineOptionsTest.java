package dev.fluxbridge.legacy.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.kernels.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {
  @Test
  void computesInFloat32OnTheCpuAndInBfloat16OnAGpuUnlessToldOtherwise() {
    assertThat(EngineOptions.of("cpu", Optional.empty(), false)).isEqualTo(EngineOptions.DEFAULT);
    assertThat(EngineOptions.of("cuda:1", Optional.empty(), false))
        .isEqualTo(new EngineOptions("cuda:1", Precision.BFLOAT16, false));
    assertThat(EngineOptions.of("cuda", Optional.of("float16"), true))
        .isEqualTo(new EngineOptions("cuda", Precision.FLOAT16, true));
  }

  @Test
  void refusesADeviceThatTorchWouldNotName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EngineOptions("gpu", Precision.FLOAT32, false))
        .withMessageContaining("device must be cpu, cuda");
  }

  @Test
  void refusesToOffloadFromTheCpuToItself() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EngineOptions("cpu", Precision.FLOAT32, true))
        .withMessageContaining("enable_model_cpu_offload requires accelerator, but not found");
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoSuchGpu() {
    EngineOptions absent = new EngineOptions("cuda:99", Precision.BFLOAT16, false);
    assertThatIllegalStateException()
        .isThrownBy(() -> FluxEngine.load(EmbeddedCheckpoint.folder(), absent))
        .withMessageContaining("cuda:99")
        .withMessageContaining("built for CUDA");
  }

  @Test
  void offloadedModelsDrawTheSamePictureOneAtATimeOnTheDevice()
      throws ReflectiveOperationException {
    TextToImage call = SmallCalls.of(2);
    Drawing resident = EmbeddedEngine.ENGINE.draw(call, StepWatcher.NONE);
    try (FluxEngine engine =
        FluxEngine.load(EmbeddedCheckpoint.folder(), EngineOptions.DEFAULT, true)) {
      int before = TwoHundredDrawings.resources(engine.manager());
      List<Integer> visitors = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Drawing offloaded = engine.draw(call, counting(engine, before, visitors));
        assertThat(offloaded.pictures().get(0).values())
            .containsExactly(resident.pictures().get(0).values());
      }
      assertThat(visitors).as("the transformer alone, at every step").containsOnly(1).hasSize(4);
      assertThat(TwoHundredDrawings.resources(engine.manager())).isEqualTo(before);
    }
  }

  @Test
  void offloadedModelsComputeWithTheirAdapters() {
    TextToImage call = SmallCalls.of(2);
    Path lora = FluxEngineLoraTest.file("subject");
    float[] wanted;
    try (FluxEngine engine = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      engine.loadLoraWeights(lora, Optional.empty());
      wanted = engine.draw(call, StepWatcher.NONE).pictures().get(0).values();
    }
    try (FluxEngine engine =
        FluxEngine.load(EmbeddedCheckpoint.folder(), EngineOptions.DEFAULT, true)) {
      float[] plain = engine.draw(call, StepWatcher.NONE).pictures().get(0).values();
      engine.loadLoraWeights(lora, Optional.empty());
      assertThat(engine.draw(call, StepWatcher.NONE).pictures().get(0).values())
          .containsExactly(wanted)
          .isNotEqualTo(plain);
    }
  }

  /** The models on the device: all that its manager owns but what it owned before, and the call. */
  private static StepWatcher counting(FluxEngine engine, int before, List<Integer> visitors) {
    return new StepWatcher() {
      @Override
      public Map<String, Floats> stepped(Step step) {
        try {
          visitors.add(TwoHundredDrawings.resources(engine.manager()) - before - 1);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
        return Map.of();
      }
    };
  }
}
