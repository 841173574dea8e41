package dev.fluxbridge.legacy.controlnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;
import dev.fluxbridge.legacy.transformer.Residuals;
import dev.fluxbridge.legacy.transformer.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The golden numbers come from the real FluxControlNetModel and FluxTransformer2DModel of
 * diffusers, in float32. tools/reference/controlnet.py made them.
 */
class FluxControlNetTest {
  private static final JsonNode GOLDEN = Golden.json("controlnet.json");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TestFactory
  Stream<DynamicTest> steersTheTransformerAsDiffusersDoes(@TempDir Path folder) {
    return StreamSupport.stream(GOLDEN.path("cases").spliterator(), false)
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.path("name").asText(),
                    () -> {
                      Path net = folder.resolve(golden.path("name").asText());
                      compare(written(net, golden.path("config")), transformer(net), golden);
                    }));
  }

  private static void compare(Path folder, Path transformerFolder, JsonNode golden) {
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager);
        FluxControlNet net =
            FluxControlNet.load(folder, new Placement(manager, kernels, Precision.FLOAT32));
        FluxTransformer transformer =
            FluxTransformer.load(
                transformerFolder, new Placement(manager, kernels, Precision.FLOAT32))) {
      NDArray hiddenStates = Waves.of(manager, j -> Math.sin(0.05 * j), 2, 4, 64);
      NDArray control = Waves.of(manager, j -> Math.cos(0.07 * j), 2, 4, 64);
      NDArray text = Waves.of(manager, j -> Math.cos(0.03 * j), 2, 5, 32);
      NDArray pooled = Waves.of(manager, j -> Math.sin(0.2 * j), 2, 24);
      NDArray rotary =
          RotaryEmbedding.of(
              manager, transformer.config().axesDimsRope(), new RotaryEmbedding.Grid(0, 2, 2));
      NDArray context =
          net.contextEmbedder(
              text,
              net.config().modes() > 0
                  ? OptionalInt.of(GOLDEN.path("mode").asInt())
                  : OptionalInt.empty());
      double scale = GOLDEN.path("scale").asDouble();
      Residuals residuals =
          net.forward(hiddenStates, control, context, pooled, 0.75f, 3.5f, rotary, scale);
      compare(residuals.doubles(), golden.path("doubles"));
      compare(residuals.singles(), golden.path("singles"));
      NDArray velocity =
          transformer.forward(
              hiddenStates,
              transformer.contextEmbedder(text),
              pooled,
              0.75f,
              3.5f,
              rotary,
              residuals);
      compare(velocity, golden.path("velocity"));
    }
  }

  private static void compare(List<NDArray> samples, JsonNode golden) {
    assertThat(samples).hasSize(golden.size());
    for (int i = 0; i < samples.size(); i++) {
      compare(samples.get(i), golden.path(i));
    }
  }

  private static void compare(NDArray found, JsonNode golden) {
    float[] values = found.toFloatArray();
    for (int i = 0; i < 4; i++) {
      double first = golden.path("first").path(i).asDouble();
      double last = golden.path("last").path(i).asDouble();
      assertThat((double) values[i]).isCloseTo(first, within(2e-5));
      assertThat((double) values[values.length - 4 + i]).isCloseTo(last, within(2e-5));
    }
    assertThat(Waves.mean(values)).isCloseTo(golden.path("mean").asDouble(), within(1e-5));
  }

  @Test
  void refusesANetThatReadsPixels(@TempDir Path folder) throws IOException {
    ObjectNode config = config("plain").put("conditioning_embedding_channels", 16);
    assertThatThrownBy(() -> read(folder, config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("input_hint_block", "config.json", "InstantX");
  }

  @Test
  void refusesAnotherModel(@TempDir Path folder) throws IOException {
    ObjectNode config = config("plain").put("_class_name", "SD3ControlNetModel");
    assertThatThrownBy(() -> read(folder, config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("SD3ControlNetModel", "FluxControlNetModel");
  }

  @Test
  void namesATensorThatIsMissing(@TempDir Path folder) throws IOException {
    ObjectNode config = config("plain");
    FluxControlNetConfig sizes = read(folder, config);
    SafetensorsWriter writer = SafetensorsWriter.of(sizes.tensors());
    writer.shapes().remove("controlnet_x_embedder.weight");
    writer.write(folder.resolve(WEIGHTS));
    assertThatThrownBy(() -> load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("controlnet_x_embedder.weight");
  }

  @Test
  void asksAUnionForItsModeAndNoOtherNet(@TempDir Path folder) throws IOException {
    Path union = written(folder.resolve("union"), config("union"));
    Path plain = written(folder.resolve("plain"), config("plain"));
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager);
        FluxControlNet one =
            FluxControlNet.load(union, new Placement(manager, kernels, Precision.FLOAT32));
        FluxControlNet other =
            FluxControlNet.load(plain, new Placement(manager, kernels, Precision.FLOAT32))) {
      assertThatThrownBy(() -> one.refuseMode(OptionalInt.empty()))
          .hasMessage("`controlnet_mode` cannot be `None` when applying ControlNet-Union");
      assertThatThrownBy(() -> one.refuseMode(OptionalInt.of(5))).hasMessageContaining("0 to 4");
      assertThatThrownBy(() -> one.refuseMode(OptionalInt.of(-1))).hasMessageContaining("0 to 4");
      assertThatThrownBy(() -> other.refuseMode(OptionalInt.of(0))).hasMessageContaining("union");
    }
  }

  private static void load(Path folder) {
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      FluxControlNet.load(folder, new Placement(manager, kernels, Precision.FLOAT32)).close();
    }
  }

  private static ObjectNode config(String name) {
    return StreamSupport.stream(GOLDEN.path("cases").spliterator(), false)
        .filter(c -> c.path("name").asText().equals(name))
        .map(c -> ((ObjectNode) c.path("config")).deepCopy())
        .findFirst()
        .orElseThrow();
  }

  private static FluxControlNetConfig read(Path folder, JsonNode config) throws IOException {
    Files.createDirectories(folder);
    return FluxControlNetConfig.of(
        Config.read(Files.writeString(folder.resolve("config.json"), config.toPrettyString())));
  }

  private static Path written(Path folder, JsonNode config) throws IOException {
    SafetensorsWriter.of(read(folder, config).tensors()).write(folder.resolve(WEIGHTS));
    return folder;
  }

  private static Path transformer(Path near) throws IOException {
    Path folder = Files.createDirectories(near.resolve("transformer"));
    Path file =
        Files.writeString(
            folder.resolve("config.json"), GOLDEN.path("transformer").toPrettyString());
    FluxTransformerConfig sizes = FluxTransformerConfig.sizes(Config.read(file));
    int d = sizes.innerDim();
    ExpectedTensors tensors =
        sizes.trunk().linear("norm_out.linear", 2L * d, d).linear("proj_out", 64, d);
    SafetensorsWriter.of(tensors).write(folder.resolve(WEIGHTS));
    return folder;
  }
}
