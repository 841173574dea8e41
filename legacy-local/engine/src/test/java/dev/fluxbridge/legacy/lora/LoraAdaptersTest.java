package dev.fluxbridge.legacy.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import dev.fluxbridge.legacy.checkpoint.SafetensorsWriter;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be done is refused with one clear error and changes nothing; nothing leaks. */
class LoraAdaptersTest {
  private static final TinyModels MODELS = new TinyModels();
  private static final LoraAdapters ADAPTERS = MODELS.adapters;
  private static final String Q = "transformer_blocks.0.attn.to_q";

  @AfterEach
  void unload() {
    ADAPTERS.unfuse();
    ADAPTERS.scale(1);
    ADAPTERS.unload(true);
  }

  @AfterAll
  static void close() {
    MODELS.close();
  }

  private static String load(String name) {
    return ADAPTERS.load(TinyModels.file(name + ".safetensors"), Optional.empty());
  }

  static Stream<Arguments> unfitFiles() {
    return Stream.of(
        Arguments.of(
            new ExpectedTensors().tensor("model.weight", 2, 2),
            "Invalid LoRA checkpoint. Make sure all LoRA param names contain `'lora'` substring."
                + " It has model.weight."),
        Arguments.of(
            pair("transformer." + Q, 2, 64, 64),
            "transformer." + Q + ".lora_B.weight has the shape (64, 2), but this model wants (96,"),
        Arguments.of(
            pair("transformer." + Q, 2, 96, 128),
            "transformer." + Q + ".lora_A.weight has the shape (2, 128), but this model wants (2,"),
        Arguments.of(
            pair("transformer.transformer_blocks.18.attn.to_q", 2, 96, 96),
            "transformer.transformer_blocks.18.attn.to_q.lora_B.weight is for a layer that this"
                + " model does not have"),
        Arguments.of(
            pair("unet.down_blocks.0.attn.to_q", 2, 96, 96),
            "transformer.unet.down_blocks.0.attn.to_q.lora_B.weight is for a layer that this"),
        Arguments.of(
            new ExpectedTensors().tensor("transformer." + Q + ".lora_A.weight", 2, 96),
            "transformer." + Q + ".lora_A.weight belongs to no layer"),
        Arguments.of(
            new ExpectedTensors().tensor("transformer." + Q + ".lora_B.weight", 96, 2),
            "transformer." + Q + ".lora_B.weight has no .lora_A.weight beside it"),
        Arguments.of(
            pair("transformer." + Q, 2, 96, 96).tensor("transformer." + Q + ".lora_C.weight", 2),
            "transformer." + Q + ".lora_C.weight belongs to no layer"),
        Arguments.of(
            kohya("lora_unet_double_blocks_0_img_attn_qkv", 2, 3 * 64, 96),
            "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight has the shape (192, 2), but the"
                + " model's layers there have 288 rows together"),
        Arguments.of(
            kohya("lora_unet_input_blocks_1_1_proj_in", 2, 96, 96),
            "Incompatible keys detected: lora_unet_input_blocks_1_1_proj_in.lora_down.weight"),
        Arguments.of(
            kohya("lora_unet_img_in", 2, 96, 64).tensor("lora_unet_img_in.alpha", 1),
            "Incompatible keys detected: lora_unet_img_in.alpha"),
        Arguments.of(
            new ExpectedTensors()
                .tensor("lora_unet_double_blocks_0_img_mlp_0.lora_down.weight", 2, 96),
            "the tensor lora_unet_double_blocks_0_img_mlp_0.lora_up.weight is missing"));
  }

  private static ExpectedTensors pair(String layer, int rank, int out, int into) {
    return new ExpectedTensors()
        .tensor(layer + ".lora_A.weight", rank, into)
        .tensor(layer + ".lora_B.weight", out, rank);
  }

  private static ExpectedTensors kohya(String layer, int rank, int out, int into) {
    return new ExpectedTensors()
        .tensor(layer + ".lora_down.weight", rank, into)
        .tensor(layer + ".lora_up.weight", out, rank);
  }

  @ParameterizedTest
  @MethodSource("unfitFiles")
  void refusesAFileThatDoesNotFitAndChangesNothing(
      ExpectedTensors tensors, String message, @TempDir Path folder)
      throws ReflectiveOperationException {
    load("style");
    float[] before = MODELS.velocity();
    int resources = resources();
    Path file = SafetensorsWriter.of(tensors).write(folder.resolve("unfit.safetensors"));
    assertThatThrownBy(() -> ADAPTERS.load(file, Optional.empty()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(file.toString());
    assertThat(resources()).isEqualTo(resources);
    assertThat(ADAPTERS.names()).containsExactly("default_0");
    assertThat(MODELS.velocity()).containsExactly(before);
  }

  @Test
  void refusesWrongNamesAndWeightsInDiffusersWords() {
    ADAPTERS.load(TinyModels.file("style.safetensors"), Optional.of("a"));
    float[] before = MODELS.velocity();
    assertThatThrownBy(
            () -> ADAPTERS.load(TinyModels.file("subject.safetensors"), Optional.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Adapter name a already in use in the model - please select a new adapter name.");
    assertThatThrownBy(() -> ADAPTERS.set(List.of("a"), List.of(1.0, 2.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Length of adapter names 1 is not equal to the length of the weights 2");
    assertThatThrownBy(() -> ADAPTERS.set(List.of("a", "b"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Adapter name(s) {'b'} not in the list of present adapters: {'a'}.");
    assertThatThrownBy(() -> ADAPTERS.delete(List.of("b"))).hasMessageContaining("{'b'}");
    assertThatThrownBy(() -> ADAPTERS.fuse(1, Optional.of(List.of("b")), true))
        .hasMessageContaining("{'b'}");
    assertThatThrownBy(() -> ADAPTERS.set(List.of("a"), List.of(Double.NaN)))
        .hasMessageContaining("must be a number");
    assertThat(MODELS.velocity()).containsExactly(before);
  }

  @Test
  void refusesToDeleteWhatIsFused() {
    String name = load("style");
    ADAPTERS.fuse(1, Optional.empty(), true);
    assertThatThrownBy(() -> ADAPTERS.delete(List.of(name)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("unfuse it before");
  }

  @Test
  void namesAdaptersAsDiffusersDoesAndNeverTwice() {
    assertThat(load("style")).isEqualTo("default_0");
    assertThat(load("subject")).isEqualTo("default_1");
    ADAPTERS.delete(List.of("default_0"));
    assertThat(load("style")).isEqualTo("default_2");
  }

  @Test
  void unfusingGivesBackTheVeryWeightsThatWereThere() {
    float[] base = MODELS.velocity();
    load("words");
    float[] adapted = MODELS.velocity();
    for (int i = 0; i < 3; i++) {
      ADAPTERS.fuse(1, Optional.empty(), true);
      ADAPTERS.unfuse();
    }
    assertThat(MODELS.velocity()).containsExactly(adapted).isNotEqualTo(base);
    ADAPTERS.disable();
    assertThat(MODELS.velocity()).containsExactly(base);
  }

  @Test
  void aFileWithoutThePrefixIsOneForTheTransformer(@TempDir Path folder) {
    float[] base = MODELS.velocity();
    Path file = SafetensorsWriter.of(pair(Q, 2, 96, 96)).write(folder.resolve("plain.safetensors"));
    ADAPTERS.load(file, Optional.of("plain"));
    assertThat(ADAPTERS.active()).containsExactly("plain");
    assertThat(TinyModels.difference(MODELS.velocity(), base)).isGreaterThan(1e-3f);
  }

  @Test
  void aHundredRoundsOfSettingAndUnsettingKeepNothing() throws ReflectiveOperationException {
    load("style");
    load("words");
    everything();
    int before = resources();
    for (int i = 0; i < 100; i++) {
      ADAPTERS.set(List.of("default_0", "default_1"), List.of(0.5, 0.7));
      ADAPTERS.set(List.of(), List.of());
    }
    for (int i = 0; i < 5; i++) {
      everything();
    }
    assertThat(before).isPositive();
    assertThat(resources()).isEqualTo(before);
  }

  private static void everything() {
    ADAPTERS.set(List.of("default_0", "default_1"), List.of(0.5, 0.7));
    ADAPTERS.scale(0.3);
    ADAPTERS.fuse(0.9, Optional.of(List.of("default_0")), true);
    ADAPTERS.unfuse();
    ADAPTERS.disable();
    ADAPTERS.enable();
    ADAPTERS.delete(List.of(load("control")));
    ADAPTERS.set(List.of(), List.of());
  }

  @Test
  void loadingAndUnloadingKeepNothing() throws ReflectiveOperationException {
    ADAPTERS.unload(true);
    int before = resources();
    for (int i = 0; i < 10; i++) {
      load("kohya-clip");
      load("control");
      ADAPTERS.unload(true);
    }
    assertThat(resources()).isEqualTo(before);
  }

  /** All that the manager of the models would have to free, also below it. */
  private static int resources() throws ReflectiveOperationException {
    return resources(MODELS.manager);
  }

  private static int resources(NDManager manager) throws ReflectiveOperationException {
    Field field = BaseNDManager.class.getDeclaredField("resources");
    field.setAccessible(true);
    int count = 0;
    for (Object resource : ((Map<?, ?>) field.get(manager)).values()) {
      count += resource instanceof NDManager below ? 1 + resources(below) : 1;
    }
    return count;
  }
}
