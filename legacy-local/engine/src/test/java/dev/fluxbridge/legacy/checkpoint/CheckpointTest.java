package dev.fluxbridge.legacy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"FluxPipeline\" | FluxPipeline",
        "\"FluxKontextPipeline\" | FluxKontextPipeline",
        "\"FluxControlNetInpaintPipeline\" | FluxControlNetInpaintPipeline",
        "[\"pipeline\", \"Flex2Pipeline\"] | Flex2Pipeline"
      })
  void opensTheWholeFamilyAndTellsTheClass(String saved, String name, @TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": " + saved + "}");
    assertThat(Checkpoint.open(folder).className()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Flux2Pipeline\"", "\"StableDiffusion3Pipeline\"", "[]", "null"})
  void refusesOtherFamilies(String saved, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": " + saved + "}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("_class_name", "FluxPipeline", "Flex2Pipeline");
  }

  @Test
  void saysThatAFileIsNoPipeline(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("flux1-dev.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(file.toString(), "folder", "transformer");
  }

  @ParameterizedTest
  @CsvSource({
    "model.safetensors, F32",
    "model.fp16.safetensors, F16",
    "diffusion_pytorch_model.bf16.safetensors, BF16"
  })
  void findsTheVariantThatIsThere(String name, String type, @TempDir Path part) {
    ExpectedTensors a = new ExpectedTensors().tensor("a", 2);
    SafetensorsWriter.of(a)
        .type(type)
        .values((tensor, count) -> new float[] {2, -1})
        .write(part.resolve(name));
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      for (Precision precision : Precision.values()) {
        Placement placement = new Placement(manager, kernels, precision);
        Weights weights = Checkpoint.weights(part, a, Map.of(), placement);
        assertThat(Precision.of(weights.get("a"))).isEqualTo(precision);
        assertThat(kernels.floats(weights.get("a"))).containsExactly(2, -1);
      }
    }
  }
}
