package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Draws two hundred small pictures in a process of its own, and prints by how much its native
 * arrays and its memory grew. Run it with a heap of a fixed size that is there from the start, so
 * that what grows is not Java's.
 */
final class TwoHundredDrawings {
  private static final int WARM_UP = 50;
  private static final Path STATUS = Path.of("/proc/self/status");

  private TwoHundredDrawings() {}

  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    System.setProperty("fluxbridge.local.cache", args[0]);
    try (FluxEngine engine = FluxEngine.load(EmbeddedCheckpoint.folder())) {
      draw(engine, WARM_UP);
      int arrays = resources(engine.manager());
      long resident = residentKibibytes();
      draw(engine, 200);
      System.out.printf(
          "grew by %d arrays and %d KiB%n",
          resources(engine.manager()) - arrays, residentKibibytes() - resident);
    }
  }

  private static void draw(FluxEngine engine, int times) {
    for (int i = 0; i < times; i++) {
      engine.draw(SmallCalls.of(2), StepWatcher.NONE);
    }
  }

  /** Everything that a manager would have to free: arrays, managers below it, tokenizers. */
  static int resources(NDManager manager) throws ReflectiveOperationException {
    var field = BaseNDManager.class.getDeclaredField("resources");
    field.setAccessible(true);
    return ((Map<?, ?>) field.get(manager)).size();
  }

  /** What the whole process holds in memory; 0 on systems that have no such file. */
  private static long residentKibibytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }
}
