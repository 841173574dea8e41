package dev.fluxbridge.legacy.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the class path holds of DJL's PyTorch engine, and what to do when that does not start.
 *
 * <p>It reads what DJL's jars say of themselves, and checks nothing beforehand. Immutable, safe for
 * use by several threads.
 *
 * <p>Source: the property files in DJL's jars, and the order in which its LibUtils and Platform
 * look for libraries, 0.32 to 0.35.
 *
 * @param engine the engine's version
 * @param torch the version of libtorch that will be loaded
 * @param jni the version of the JNI, null without one
 * @param libraries the flavours of the native libraries on the class path: cpu, or cu and a version
 *     of CUDA
 * @param installed whether PYTORCH_LIBRARY_PATH names a PyTorch that takes the place of libraries
 */
record EngineParts(
    String engine, String torch, @Nullable String jni, List<String> libraries, boolean installed) {

  EngineParts {
    libraries = List.copyOf(libraries);
  }

  /**
   * What DJL would find.
   *
   * @param settings the environment, or what DJL reads in its place
   */
  static EngineParts found(ClassLoader classes, Function<String, @Nullable String> settings) {
    Properties engine = first(classes, "pytorch-engine.properties");
    List<Properties> libraries = all(classes, "native/lib/pytorch.properties");
    String torch = engine.getProperty("pytorch_version", "unknown");
    boolean installed = settings.apply("PYTORCH_LIBRARY_PATH") != null;
    if (installed) {
      torch = Objects.requireNonNullElse(settings.apply("PYTORCH_VERSION"), torch);
    } else if (!libraries.isEmpty()) {
      // The day on which the library was packed follows the version.
      torch = libraries.get(0).getProperty("version", torch).replaceFirst("-.*", "");
    }
    return new EngineParts(
        engine.getProperty("djl_version", "unknown"),
        torch,
        first(classes, "jnilib/pytorch.properties").getProperty("jni_version"),
        libraries.stream().map(each -> each.getProperty("flavor", "unknown")).toList(),
        installed);
  }

  /**
   * What to do, in whole sentences.
   *
   * @param gpus how many GPUs DJL sees
   */
  String advice(IntSupplier gpus) {
    String fitting = torch + "-" + engine;
    if (jni == null) {
      return "Add ai.djl.pytorch:pytorch-jni:" + fitting + " to the class path.";
    }
    if (!jni.startsWith(fitting)) {
      return "DJL's parts are mixed: with engine "
          + engine
          + " and libtorch "
          + torch
          + " the JNI must be "
          + fitting
          + ", but it is "
          + jni
          + ". Take api, pytorch-engine, tokenizers, pytorch-jni and the native library of one"
          + " line.";
    }
    if (installed) {
      return "The parts fit each other. PYTORCH_LIBRARY_PATH must be the folder of libtorch "
          + torch
          + ", PYTORCH_FLAVOR the flavour of the JNI that fits it, like cpu or cu128 (which needs"
          + " NVIDIA's driver), and DJL needs a folder to unpack the JNI to (DJL_CACHE_DIR).";
    }
    if (libraries.isEmpty()) {
      return "Add ai.djl.pytorch:pytorch-native-cpu:"
          + torch
          + ", or its sister for CUDA, with the classifier "
          + classifier()
          + " to the class path, or name an installed PyTorch by PYTORCH_LIBRARY_PATH.";
    }
    if (libraries.size() > 1) {
      return "Leave only one native library on the class path; there are " + libraries + ".";
    }
    if (libraries.get(0).startsWith("cu") && gpus.getAsInt() == 0) {
      return "The native library is "
          + libraries.get(0)
          + ", but DJL sees no GPU: it needs NVIDIA's driver, and the CUDA runtime (libcudart) of"
          + " that version or a newer one in a folder of LD_LIBRARY_PATH. Without a GPU take"
          + " ai.djl.pytorch:pytorch-native-cpu:"
          + torch
          + ".";
    }
    return "The parts fit each other: engine "
        + engine
        + ", JNI "
        + jni
        + ", native library "
        + libraries.get(0)
        + ". It must have the classifier "
        + classifier()
        + ", and needs a folder to unpack to (DJL_CACHE_DIR).";
  }

  /** Why the engine did not start: DJL itself only says that it did not. */
  static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** As DJL names platforms. */
  private static String classifier() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    return (system.startsWith("win") ? "win" : system.startsWith("mac") ? "osx" : "linux")
        + "-"
        + (machine.equals("amd64") ? "x86_64" : machine);
  }

  private static Properties first(ClassLoader classes, String name) {
    List<Properties> all = all(classes, name);
    return all.isEmpty() ? new Properties() : all.get(0);
  }

  private static List<Properties> all(ClassLoader classes, String name) {
    // A jar that is listed twice counts once.
    Map<String, Properties> found = new LinkedHashMap<>();
    try {
      for (URL url : Collections.list(classes.getResources(name))) {
        try (InputStream in = url.openStream()) {
          Properties properties = new Properties();
          properties.load(in);
          found.put(url.toString(), properties);
        }
      }
    } catch (IOException e) {
      // It only words an error that is on its way already.
      return List.of();
    }
    return new ArrayList<>(found.values());
  }
}
