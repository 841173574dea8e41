package dev.fluxbridge.legacy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SingleFileTest {
  private static final JsonNode GOLDEN = Golden.json("single_file.json");

  private Path file = Path.of("");

  @BeforeEach
  void choosesAFile(@TempDir Path folder) {
    file = folder.resolve("flux1.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model.diffusion_model."})
  void givesTheTensorsThatDiffusersOwnConverterGives(String prefix) throws Exception {
    write(prefix);
    SingleFile single = SingleFile.open(file);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      Map<String, NDArray> tensors =
          single
              .weights(shapes("converted"), new Placement(manager, kernels, Precision.FLOAT32))
              .all();
      assertThat(tensors).hasSize(GOLDEN.path("converted").size());
      for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
        assertThat(sha256(tensor.getValue()))
            .as(tensor.getKey())
            .isEqualTo(GOLDEN.path("converted").path(tensor.getKey()).path("sha256").asText());
      }
    }
  }

  @Test
  void infersTheSizesFromNamesAndShapes() {
    write("");
    Config sizes = SingleFile.open(file).config();
    assertThat(sizes.size("num_layers")).isEqualTo(1);
    assertThat(sizes.size("num_single_layers")).isEqualTo(1);
    assertThat(sizes.size("attention_head_dim")).isEqualTo(128);
    assertThat(sizes.size("num_attention_heads")).isEqualTo(24);
    assertThat(sizes.size("in_channels")).isEqualTo(2);
    assertThat(sizes.size("out_channels")).isEqualTo(64);
    assertThat(sizes.flag("guidance_embeds", false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "double_stream_modulation_img.lin.weight, FLUX.2",
    "distilled_guidance_layer.in_proj.weight, Chroma",
    "model.diffusion_model.input_blocks.0.0.weight, Stable Diffusion",
    "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight, Stable Diffusion 3",
    "transformer_blocks.0.img_mod.1.weight, Qwen-Image",
    "controlnet_blocks.0.weight, a ControlNet",
    "transformer.x.lora_A.weight, a LoRA",
    "text_model.final_layer_norm.weight, CLIP",
    "encoder.block.0.layer.0.SelfAttention.q.weight, T5",
    "decoder.conv_in.weight, autoencoder",
    "something.weight, not known"
  })
  void refusesAnotherFamilyByItsName(String tensor, String named) {
    SafetensorsWriter.of(new ExpectedTensors().tensor(tensor, 1)).write(file);
    refuses(named);
  }

  @ParameterizedTest
  @CsvSource({
    "U8, x_embedder.weight.quant_state.bitsandbytes__nf4, NF4",
    "I8, x_embedder.SCB, 8 bits",
    "F8_E4M3, other, stored as F8_E4M3",
    "F8_E5M2, x_embedder.scale_weight, float8"
  })
  void refusesWhatIsQuantised(String type, String beside, String named) {
    SafetensorsWriter.file(
        file,
        """
        {"x_embedder.weight": {"dtype": "%s", "shape": [4], "data_offsets": [0, 4]},
         "transformer_blocks.0.attn.to_q.weight": {"dtype": "%1$s", "shape": [4], "data_offsets": [4, 8]},
         "%s": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}
        """
            .formatted(type, beside),
        new byte[12]);
    refuses(named);
  }

  @ParameterizedTest
  @CsvSource({
    "47475546030000000100000000000000, GGUF",
    "504b0304000000000000000000000000, pickled",
    "80027d71000000000000000000000000, pickled",
    "8002637472616e73666f726d65727300, pickled"
  })
  void refusesFilesOfAnotherKind(String bytes, String named) throws IOException {
    Files.write(file, HexFormat.of().parseHex(bytes));
    refuses(named);
  }

  @Test
  void refusesAPointerThatWasNotDownloaded() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\n");
    assertThatThrownBy(() -> SingleFile.open(file)).hasMessageContaining("Git LFS");
  }

  @Test
  void refusesAFileThatChangedSinceItWasOpened() throws IOException {
    write("");
    SingleFile single = SingleFile.open(file);
    Files.write(file, new byte[8], java.nio.file.StandardOpenOption.APPEND);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      Placement placement = new Placement(manager, kernels, Precision.FLOAT32);
      assertThatThrownBy(() -> single.weights(shapes("converted"), placement))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(file.toString(), "changed while it was loaded");
      Files.write(file, new byte[100]);
      assertThatThrownBy(() -> single.weights(shapes("converted"), placement))
          .isInstanceOf(CheckpointException.class);
    }
  }

  private void refuses(String named) {
    assertThatThrownBy(() -> SingleFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(named)
        .hasMessageContainingAll("What can be loaded", "safetensors in F32, F16 or BF16");
  }

  private void write(String prefix) {
    ExpectedTensors tensors = new ExpectedTensors();
    shapes("stored")
        .shapes()
        .forEach((name, shape) -> tensors.tensor(prefix + name, shape.getShape()));
    SafetensorsWriter.of(tensors)
        .values((name, count) -> filled(name.substring(prefix.length()), count))
        .write(file);
  }

  private static float[] filled(String name, int count) {
    int start = 0;
    for (int i = 0; i < name.length(); i++) {
      start += name.charAt(i) * (i + 1);
    }
    float[] values = new float[count];
    for (int j = 0; j < count; j++) {
      values[j] = (start + j) % 4093 / 4096f;
    }
    return values;
  }

  private static ExpectedTensors shapes(String which) {
    ExpectedTensors tensors = new ExpectedTensors();
    GOLDEN
        .path(which)
        .properties()
        .forEach(
            entry -> {
              JsonNode shape = entry.getValue().path("shape");
              JsonNode sides = shape.isArray() ? shape : entry.getValue();
              long[] all = new long[sides.size()];
              for (int i = 0; i < all.length; i++) {
                all[i] = sides.get(i).asLong();
              }
              tensors.tensor(entry.getKey(), all);
            });
    return tensors;
  }

  private static String sha256(NDArray tensor) throws Exception {
    float[] values = tensor.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }
}
