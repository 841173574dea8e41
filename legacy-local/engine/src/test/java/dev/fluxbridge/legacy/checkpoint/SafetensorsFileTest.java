package dev.fluxbridge.legacy.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
  private static final String ONE =
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";

  private Path file = Path.of("");

  @BeforeEach
  void choosesAFile(@TempDir Path folder) {
    file = folder.resolve("model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "F16", "BF16"})
  void widensEveryTypeToFloat32(String type) {
    SafetensorsWriter.of(new ExpectedTensors().tensor("a", 3))
        .type(type)
        .values((name, count) -> new float[] {1.5f, -0.25f, 0})
        .write(file);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      NDArray a =
          SafetensorsFile.open(file)
              .load("a", 0, 3, new Placement(manager, kernels, Precision.FLOAT32));
      assertThat(a.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(a.toFloatArray()).containsExactly(1.5f, -0.25f, 0);
      assertThat(a.getManager()).isSameAs(manager);
    }
  }

  @Test
  void readsTensorsThatLieAtOddAddresses() {
    byte[] data = new byte[16];
    data[3] = 0x3f;
    data[2] = (byte) 0x80;
    byte[] header = (ONE + " ".repeat(9 - ONE.length() % 8)).getBytes(UTF_8);
    assertThat((8 + header.length) % 4).isNotZero();
    SafetensorsWriter.file(file, header.length, header, data);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      assertThat(
              SafetensorsFile.open(file)
                  .load("a", 0, 2, new Placement(manager, kernels, Precision.FLOAT32))
                  .toFloatArray())
          .containsExactly(1, 0, 0, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "U8", "I64", "F64"})
  void refusesTypesThatItCannotLoadOnlyWhenTheyAreWanted(String type) {
    SafetensorsWriter.file(
        file,
        ONE.replace("F32", type).replace("16", type.endsWith("64") ? "32" : "4"),
        new byte[32]);
    SafetensorsFile opened = SafetensorsFile.open(file);
    try (NDManager manager = NativeEngine.newManager();
        Kernels kernels = new Kernels(manager)) {
      assertThatThrownBy(
              () -> opened.load("a", 0, 2, new Placement(manager, kernels, Precision.FLOAT32)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(file.toString(), "a is stored as " + type, "F32, F16 and BF16");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 20, 70, 100})
  void refusesATruncatedFile(int length) throws IOException {
    SafetensorsWriter.file(file, ONE, new byte[16]);
    byte[] whole = Files.readAllBytes(file);
    byte[] part = Arrays.copyOf(whole, Math.min(length, whole.length - 1));
    refuses(() -> Files.write(file, part), "damaged");
  }

  @ParameterizedTest
  @CsvSource({
    "1000, only", "100000001, only 2 to 100000000", "-1, 18446744073709551615",
    "-9223372036854775808, 9223372036854775808", "0, only 2", "9223372036854775807, only 2"
  })
  void refusesAHeaderThatLiesAboutItsLength(long claimed, String named) {
    refuses(() -> SafetensorsWriter.file(file, claimed, ONE.getBytes(UTF_8), new byte[16]), named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, 2] | not a JSON object",
        "{\"a\": | not JSON",
        "{\"a\": 5} | a lacks",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4]}} | a lacks",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-4], \"data_offsets\": [0, 16]}} | -4",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4.5], \"data_offsets\": [0, 16]}} | 4.5",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": [16, 0]}} | 16 to 0",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": [8, 24]}} | cut short",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 16]}} | 16 bytes",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, 16]}} | 16 bytes",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"b\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]}} | a and b overlap",
        "{\"a\": {}, \"a\": {}} | Duplicate"
      })
  void refusesAHeaderThatCannotBeRight(String header, String named) {
    refuses(() -> SafetensorsWriter.file(file, header, new byte[16]), named);
  }

  private interface Damage {
    Object done() throws IOException;
  }

  private void refuses(Damage damage, String named) {
    assertThatThrownBy(
            () -> {
              damage.done();
              SafetensorsFile.open(file);
            })
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(file.toString(), "opy")
        .hasMessageContaining(named);
  }
}
