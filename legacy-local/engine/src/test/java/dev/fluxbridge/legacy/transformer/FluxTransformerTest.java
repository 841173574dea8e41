package dev.fluxbridge.legacy.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.checkpoint.BflFile;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import dev.fluxbridge.legacy.checkpoint.SingleFile;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden numbers come from the real FluxTransformer2DModel of diffusers, in float32. */
class FluxTransformerTest {

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16", "F16"})
  void predictsWhatDiffusersPredictsWithGuidance(String type, @TempDir Path part)
      throws IOException {
    // Half precision rounds the weights, so it only has to come near.
    float near = type.equals("F32") ? 1e-5f : 3e-2f;
    float[] velocity = predict(part, true, type);
    assertThat(Arrays.copyOf(velocity, 6))
        .containsExactly(
            new float[] {-1.259775f, -0.780493f, 0.108788f, 0.949069f, 1.305286f, 0.987412f},
            within(near));
    assertThat(Arrays.copyOfRange(velocity, velocity.length - 4, velocity.length))
        .containsExactly(new float[] {-0.767290f, -0.727494f, -0.330933f, 0.232904f}, within(near));
    assertThat(Waves.mean(velocity)).isCloseTo(-0.0266121, within((double) near));
  }

  @Test
  void predictsWhatDiffusersPredictsWithoutGuidance(@TempDir Path part) throws IOException {
    float[] velocity = predict(part, false, "F32");
    assertThat(Arrays.copyOf(velocity, 6))
        .containsExactly(
            new float[] {-1.340029f, -0.798685f, 0.161841f, 1.046586f, 1.398038f, 1.028575f},
            within(1e-5f));
    assertThat(Arrays.copyOfRange(velocity, velocity.length - 4, velocity.length))
        .containsExactly(
            new float[] {-0.801807f, -0.739687f, -0.314647f, 0.269449f}, within(1e-5f));
    assertThat(Waves.mean(velocity)).isCloseTo(-0.0265479, within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model.diffusion_model."})
  void predictsTheSameFromASingleFileInTheNamesOfBlackForestLabs(String prefix, @TempDir Path part)
      throws IOException {
    float[] whole = predict(part, true, "F32");
    FluxTransformerConfig config =
        FluxTransformerConfig.of(Config.read(part.resolve("config.json")));
    Path file = BflFile.write(part.resolve("flux.safetensors"), config.tensors(), prefix);
    assertThat(FluxTransformerConfig.of(SingleFile.open(file).config())).isEqualTo(config);
    assertThat(predict(file, config)).containsExactly(whole);
  }

  @Test
  void predictsTheSameFromASingleFileInDiffusersNames(@TempDir Path part) throws IOException {
    float[] whole = predict(part, false, "F32");
    FluxTransformerConfig config =
        FluxTransformerConfig.of(Config.read(part.resolve("config.json")));
    Path file = part.resolve("diffusion_pytorch_model.safetensors");
    assertThat(FluxTransformerConfig.of(SingleFile.open(file).config())).isEqualTo(config);
    assertThat(predict(file, config)).containsExactly(whole);
  }

  @Test
  void asksForTheAxesThatASingleFileDoesNotTell(@TempDir Path part) throws IOException {
    predict(part, false, "F32");
    Files.delete(part.resolve("config.json"));
    assertThatThrownBy(() -> SingleFile.open(part.resolve("diffusion_pytorch_model.safetensors")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("heads of 16", "axes_dims_rope");
  }

  private static float[] predict(Path part, boolean guidance, String type) throws IOException {
    Files.writeString(
        part.resolve("config.json"),
        """
        {"_class_name": "FluxTransformer2DModel", "in_channels": 64, "num_layers": 1,
         "num_single_layers": 1, "attention_head_dim": 16, "num_attention_heads": 2,
         "joint_attention_dim": 32, "pooled_projection_dim": 24, "axes_dims_rope": [4, 6, 6],
         "guidance_embeds": %s}
        """
            .formatted(guidance));
    FluxTransformerConfig config =
        FluxTransformerConfig.of(Config.read(part.resolve("config.json")));
    SafetensorsWriter.of(config.tensors())
        .type(type)
        .write(part.resolve("diffusion_pytorch_model.safetensors"));
    return predict(part, config);
  }

  private static float[] predict(Path part, FluxTransformerConfig config) {
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager);
        FluxTransformer transformer =
            FluxTransformer.load(part, new Placement(manager, kernels, Precision.FLOAT32))) {
      NDArray hiddenStates = Waves.of(manager, j -> Math.sin(0.05 * j), 2, 4, 64);
      NDArray encoderHiddenStates = Waves.of(manager, j -> Math.cos(0.03 * j), 2, 5, 32);
      NDArray pooled = Waves.of(manager, j -> Math.sin(0.2 * j), 2, 24);
      NDArray rotary =
          RotaryEmbedding.of(manager, config.axesDimsRope(), new RotaryEmbedding.Grid(0, 2, 2));
      NDArray context = transformer.contextEmbedder(encoderHiddenStates);
      return transformer.forward(hiddenStates, context, pooled, 0.75f, 3.5f, rotary).toFloatArray();
    }
  }
}
