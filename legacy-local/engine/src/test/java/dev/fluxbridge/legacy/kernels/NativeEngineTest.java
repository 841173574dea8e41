package dev.fluxbridge.legacy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.OtherProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeEngineTest {

  /** An empty cache means that every library is unpacked from the class path, or not found. */
  @Test
  void startsFromTheClassPathAlone(@TempDir Path cache) throws Exception {
    Process process = OtherProcess.start(Starting.class, Map.of("DJL_CACHE_DIR", cache.toString()));
    assertThat(OtherProcess.output(process)).contains("offline=true, sum=3.0");
    assertThat(process.waitFor()).isZero();
    assertThat(cache).isNotEmptyDirectory();
  }

  @Test
  void drawsWithTheThreadsThatWereAskedForAndSetsThemBack() {
    try (NDManager manager = NativeEngine.newManager()) {
      assertThat(manager.isOpen()).isTrue();
      int before = NativeEngine.threads();
      assertThat(NativeEngine.withThreads(3, NativeEngine::threads)).isEqualTo(3);
      assertThat(NativeEngine.threads()).isEqualTo(before);
    }
  }

  /** What the other process runs. */
  static final class Starting {
    private Starting() {}

    public static void main(String[] arguments) {
      try (NDManager manager = NativeEngine.newManager()) {
        System.out.printf(
            "offline=%s, sum=%s%n",
            System.getProperty("ai.djl.offline"),
            manager.ones(new ai.djl.ndarray.types.Shape(3)).sum().getFloat());
      }
    }
  }
}
