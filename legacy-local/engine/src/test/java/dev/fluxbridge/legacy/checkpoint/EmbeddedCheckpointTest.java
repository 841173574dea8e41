package dev.fluxbridge.legacy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.legacy.OtherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedCheckpointTest {
  private static final String RESOURCES = "/dev/fluxbridge/tinyflux/";
  private static final String FLEX = "/dev/fluxbridge/tinyflex/";
  private static final String BROKEN = "/dev/fluxbridge/legacy/broken/";

  @Test
  void unpacksAWholeCheckpointOnce(@TempDir Path cache) throws IOException {
    Path folder = EmbeddedCheckpoint.unpack(RESOURCES, cache);
    Path index = folder.resolve("model_index.json");
    assertThat(Checkpoint.open(folder).part("vae", "AutoencoderKL")).isDirectory();
    Files.setLastModifiedTime(index, FileTime.fromMillis(0));
    assertThat(EmbeddedCheckpoint.unpack(RESOURCES, cache)).isEqualTo(folder);
    assertThat(Files.getLastModifiedTime(index)).isEqualTo(FileTime.fromMillis(0));
    assertThat(names(cache)).containsExactlyInAnyOrder("tiny-flux.lock", name(folder));
  }

  @Test
  void tinyFlexBringsItsTransformerAndTakesTheRestFromTinyFlux(@TempDir Path cache)
      throws IOException {
    Path flux = EmbeddedCheckpoint.unpack(RESOURCES, cache);
    Path flex = EmbeddedCheckpoint.unpackFlex(FLEX, cache);
    assertThat(Checkpoint.open(flex).part("transformer", "FluxTransformer2DModel")).isDirectory();
    for (String shared : List.of("vae", "text_encoder_2", "tokenizer")) {
      for (Path file : files(flux.resolve(shared))) {
        assertThat(flex.resolve(shared).resolve(name(file))).hasSameBinaryContentAs(file);
      }
    }
    String weights = "transformer/diffusion_pytorch_model.safetensors";
    assertThat(Files.mismatch(flex.resolve(weights), flux.resolve(weights))).isNotNegative();
    assertThat(names(cache)).containsExactlyInAnyOrder("tiny-flux.lock", name(flux), name(flex));
    Files.delete(flex.resolve("vae/config.json"));
    assertThat(EmbeddedCheckpoint.unpackFlex(FLEX, cache).resolve("vae/config.json")).exists();
  }

  @Test
  void tinyFlexRefusesATinyFluxThatItWasNotTrainedWith(@TempDir Path cache) throws IOException {
    assertThatThrownBy(
            () -> EmbeddedCheckpoint.unpackFlex("/dev/fluxbridge/legacy/otherflux/", cache))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("vae/config.json is damaged: its hash is not the listed one");
    assertThat(names(cache)).containsExactly("tiny-flux.lock");
    assertThatThrownBy(() -> EmbeddedCheckpoint.unpackFlex("/nowhere/", cache))
        .hasMessageContaining("fluxbridge-tiny-flex");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unpacksAgainWhatWasCutShortOrDeleted(boolean cut, @TempDir Path cache) throws IOException {
    Path folder = EmbeddedCheckpoint.unpack(RESOURCES, cache);
    Path weights = folder.resolve("vae/diffusion_pytorch_model.safetensors");
    long size = Files.size(weights);
    if (cut) {
      Files.writeString(weights, "cut");
    } else {
      Files.delete(weights);
    }
    EmbeddedCheckpoint.unpack(RESOURCES, cache);
    assertThat(weights).hasSize(size);
  }

  @Test
  void clearsAwayWhatAKilledProcessLeft(@TempDir Path cache) throws IOException {
    Files.createDirectories(cache.resolve("unpacking-123/vae"));
    EmbeddedCheckpoint.unpack(RESOURCES, cache);
    assertThat(cache.resolve("unpacking-123")).doesNotExist();
  }

  @Test
  void leavesNothingHalfWrittenWhenAFileIsDamaged(@TempDir Path cache) throws IOException {
    assertThatThrownBy(() -> EmbeddedCheckpoint.unpack(BROKEN, cache))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(
            cache.toString(), "damaged.txt is damaged", "fluxbridge.local.cache");
    assertThat(names(cache)).containsExactly("tiny-flux.lock");
  }

  @Test
  void refusesAListThatLeavesTheFolder(@TempDir Path cache) {
    assertThatThrownBy(() -> EmbeddedCheckpoint.unpack("/dev/fluxbridge/legacy/escaping/", cache))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("broken line");
  }

  @Test
  void saysThatNoCheckpointIsEmbedded(@TempDir Path cache) {
    assertThatThrownBy(() -> EmbeddedCheckpoint.unpack("/nowhere/", cache))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("no checkpoint is embedded", "fluxbridge-tiny-flux");
    assertThat(EmbeddedCheckpoint.present()).isTrue();
  }

  @Test
  void saysThatTheCacheCannotBeWritten(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> EmbeddedCheckpoint.unpack(RESOURCES, file.resolve("cache")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("cannot be unpacked", "-Dfluxbridge.local.cache=");
  }

  @Test
  void bearsSeveralProcessesAtOnce(@TempDir Path cache) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(OtherProcess.start(Unpacking.class, Map.of(), cache.toString()));
    }
    for (Process process : processes) {
      assertThat(OtherProcess.output(process)).contains("unpacked");
      assertThat(process.waitFor()).isZero();
    }
    assertThat(names(cache)).hasSize(2);
  }

  /** What the other processes run. */
  static final class Unpacking {
    private Unpacking() {}

    public static void main(String[] arguments) {
      Checkpoint.open(EmbeddedCheckpoint.unpack(RESOURCES, Path.of(arguments[0])));
      System.out.println("unpacked");
    }
  }

  private static List<String> names(Path folder) throws IOException {
    return files(folder).stream().map(EmbeddedCheckpointTest::name).toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
