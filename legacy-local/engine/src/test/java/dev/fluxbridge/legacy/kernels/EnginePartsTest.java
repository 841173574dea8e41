package dev.fluxbridge.legacy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Utils;
import dev.fluxbridge.legacy.OtherProcess;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginePartsTest {
  private static final Map<String, String> NOTHING = Map.of();

  private final Path folder;

  EnginePartsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void whatThisBuildBringsAlongIsOneLine() {
    EngineParts parts =
        EngineParts.found(EnginePartsTest.class.getClassLoader(), Utils::getEnvOrSystemProperty);
    assertThat(parts.jni()).startsWith(parts.torch() + "-" + parts.engine());
    assertThat(parts.advice(() -> 1)).startsWith("The parts fit each other");
  }

  @Test
  void namesTheMissingNativeLibraryOfTheLineThatIsThere() throws IOException {
    assertThat(advice(NOTHING, engine("0.32.0", "2.5.1"), jni("2.5.1-0.32.0")))
        .contains("pytorch-native-cpu:2.5.1", "its sister for CUDA", "PYTORCH_LIBRARY_PATH");
  }

  @Test
  void namesTheMissingJni() throws IOException {
    assertThat(advice(NOTHING, engine("0.35.1", "2.7.1"), library("2.5.1-20250101", "cpu")))
        .contains("ai.djl.pytorch:pytorch-jni:2.5.1-0.35.1");
  }

  @Test
  void saysWhichPartIsOfAnotherLine() throws IOException {
    assertThat(
            advice(
                NOTHING,
                engine("0.35.1", "2.7.1"),
                jni("2.7.1-0.35.1"),
                library("2.5.1-20250101", "cu124")))
        .contains("mixed", "must be 2.5.1-0.35.1", "is 2.7.1-0.35.1");
  }

  @Test
  void saysThatOneNativeLibraryIsEnough() throws IOException {
    assertThat(
            advice(
                NOTHING,
                engine("0.32.0", "2.5.1"),
                jni("2.5.1-0.32.0"),
                library("2.5.1", "cpu"),
                library("2.5.1", "cu124")))
        .contains("only one", "[cpu, cu124]");
  }

  @Test
  void saysWhatCudaLibrariesNeedWhereNoGpuIsSeen() throws IOException {
    assertThat(
            advice(
                NOTHING, engine("0.32.0", "2.5.1"), jni("2.5.1-0.32.0"), library("2.5.1", "cu124")))
        .contains("sees no GPU", "libcudart", "pytorch-native-cpu:2.5.1");
  }

  @Test
  void believesTheEnvironmentAboutAnInstalledPyTorch() throws IOException {
    Map<String, String> environment =
        Map.of("PYTORCH_LIBRARY_PATH", "/torch/lib", "PYTORCH_VERSION", "2.11.0");
    assertThat(advice(environment, engine("0.35.1", "2.7.1"), jni("2.7.1-0.35.1")))
        .contains("mixed", "must be 2.11.0-0.35.1");
    assertThat(
            advice(
                Map.of("PYTORCH_LIBRARY_PATH", "/torch/lib"),
                engine("0.35.1", "2.7.1"),
                jni("2.7.1-0.35.1")))
        .contains("PYTORCH_FLAVOR");
  }

  /** In a process of its own, because DJL starts once in each. */
  @Test
  void standsInTheErrorOfAnEngineThatDoesNotStart() throws Exception {
    Path file = Files.createFile(folder.resolve("no-folder"));
    Process process =
        OtherProcess.start(
            NativeEngineTest.Starting.class, Map.of("DJL_CACHE_DIR", file.toString()));
    assertThat(OtherProcess.output(process))
        .contains("does not start here", "The parts fit each other", "(DJL_CACHE_DIR)");
    assertThat(process.waitFor()).isNotZero();
  }

  private String advice(Map<String, String> environment, Path... jars) throws IOException {
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = jars[i].toUri().toURL();
    }
    try (URLClassLoader classes = new URLClassLoader(urls, null)) {
      return EngineParts.found(classes, environment::get).advice(() -> 0);
    }
  }

  private Path engine(String version, String torch) throws IOException {
    return part(
        "pytorch-engine.properties", "djl_version=" + version + "\npytorch_version=" + torch);
  }

  private Path jni(String version) throws IOException {
    return part("jnilib/pytorch.properties", "jni_version=" + version);
  }

  private Path library(String version, String flavour) throws IOException {
    return part("native/lib/pytorch.properties", "version=" + version + "\nflavor=" + flavour);
  }

  private Path part(String name, String content) throws IOException {
    Path jar = Files.createTempDirectory(folder, "jar");
    Path file = jar.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return jar;
  }
}
