package dev.fluxbridge.legacy.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Encodes and decodes as diffusers' AutoencoderKL in float32, whole and in tiles.
 * tools/reference/autoencoder.py made the numbers.
 */
class GoldenAutoencoderTest {
  private static final float WITHIN = 2e-5f;
  private static final String WEIGHTS = "vae/diffusion_pytorch_model.safetensors";
  private static final JsonNode MANIFEST = Golden.json("autoencoder.json");
  private static float worst;

  @AfterAll
  static void tellTheWorst() {
    System.out.printf("GOLDEN MAX: the autoencoder differs by at most %.2e%n", worst);
  }

  @Test
  void theNumbersWereMadeFromTheEmbeddedCheckpoint() throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(Files.readAllBytes(EmbeddedCheckpoint.folder().resolve(WEIGHTS)));
    assertThat(HexFormat.of().formatHex(hash))
        .as("make the goldens again with tools/reference")
        .isEqualTo(MANIFEST.path("checkpoint").path(WEIGHTS).asText());
  }

  @TestFactory
  Stream<DynamicTest> encodesAndDecodesAsDiffusersDoes(@TempDir Path folder) {
    return StreamSupport.stream(MANIFEST.path("cases").spliterator(), false)
        .map(c -> DynamicTest.dynamicTest(c.path("name").asText(), () -> check(c, folder)));
  }

  private static void check(JsonNode golden, Path folder) throws IOException {
    String file = "autoencoder-" + golden.path("name").asText() + ".safetensors";
    MemorySaving saving = new MemorySaving(false, golden.path("tiling").asBoolean());
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      Autoencoder autoencoder =
          Autoencoder.load(
              part(golden, folder), new Placement(manager, kernels, Precision.FLOAT32));
      NDArray pixels = Waves.of(manager, j -> Math.sin(0.05 * j), shape(golden.path("pixels")));
      Posterior posterior = NativeEngine.withThreads(1, () -> autoencoder.encode(pixels, saving));
      same(posterior.mean(), golden, file, "mean");
      same(posterior.std(), golden, file, "std");
      NDArray z = Waves.of(manager, j -> Math.cos(0.07 * j), shape(golden.path("latents")));
      NDArray decoded =
          NativeEngine.withThreads(1, () -> autoencoder.decode(autoencoder.scaled(z), saving));
      same(decoded, golden, file, "pixels");
    }
  }

  private static Path part(JsonNode golden, Path folder) throws IOException {
    if (golden.path("config").isMissingNode()) {
      return EmbeddedCheckpoint.folder().resolve("vae");
    }
    ObjectNode config = golden.path("config").deepCopy();
    return AutoencoderFiles.write(
        Files.createTempDirectory(folder, "vae"),
        config.put("_class_name", "AutoencoderKL").toString());
  }

  private static long[] shape(JsonNode sides) {
    return LongStream.range(0, sides.size()).map(i -> sides.get((int) i).asLong()).toArray();
  }

  private static void same(NDArray found, JsonNode golden, String file, String name) {
    assertThat(found.getShape().getShape())
        .as(name)
        .containsExactly(shape(golden.path("tensors").path(name)));
    float[] values = found.toFloatArray();
    float[] wanted = Golden.tensor(file, name);
    for (int i = 0; i < wanted.length; i++) {
      worst = Math.max(worst, Math.abs(values[i] - wanted[i]));
    }
    assertThat(values).as(name).containsExactly(wanted, within(WITHIN));
  }
}
