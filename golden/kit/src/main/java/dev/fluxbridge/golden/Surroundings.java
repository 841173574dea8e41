package dev.fluxbridge.golden;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What this process computes with, as far as it can be told from outside of any road. Stateless.
 */
final class Surroundings {
  /**
   * A library by a class of it: its jar says the version. None of them needs to be there. ONNX
   * Runtime alone draws nothing here: a learned distance may have brought it along.
   */
  private static final Map<String, String> WATCHED =
      Map.of(
          "djl", "ai.djl.ndarray.NDArray",
          "djl-pytorch", "ai.djl.pytorch.engine.PtEngine",
          "djl-onnxruntime", "ai.djl.onnxruntime.engine.OrtEngine");

  private Surroundings() {}

  /** The name that the tester gave, else that of the local road's setting, else the processor. */
  static String device(boolean gpu) {
    return Optional.ofNullable(System.getProperty("golden.device"))
        .or(() -> Optional.ofNullable(System.getProperty("fluxbridge.local.device")))
        .or(() -> Optional.ofNullable(System.getenv("FLUXBRIDGE_LOCAL_DEVICE")))
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !name.equals("cpu"))
        .orElseGet(
            () ->
                gpu
                    ? "gpu"
                    : "cpu-" + System.getProperty("os.arch", "any").toLowerCase(Locale.ROOT));
  }

  static Map<String, String> libraries() {
    Map<String, String> versions = new TreeMap<>();
    WATCHED.forEach((name, type) -> version(type).ifPresent(v -> versions.put(name, v)));
    return versions;
  }

  private static Optional<String> version(String type) {
    try {
      Package in = Class.forName(type, false, Surroundings.class.getClassLoader()).getPackage();
      return Optional.ofNullable(in.getSpecificationVersion())
          .or(() -> Optional.ofNullable(in.getImplementationVersion()));
    } catch (ClassNotFoundException | LinkageError absent) {
      return Optional.empty();
    }
  }
}
