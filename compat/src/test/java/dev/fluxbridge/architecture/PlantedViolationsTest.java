package dev.fluxbridge.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles code that breaks each wall, and shows that the wall notices. A rule without a planted
 * violation fails the last test.
 */
class PlantedViolationsTest {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|record) (\\w+)");

  /**
   * Stand-ins for what a module may not see: they keep this test whole when the real ones are
   * deleted.
   */
  private static final List<String> SURROUNDINGS =
      List.of(
          "package ai.djl; public interface PlantedArray {}",
          "package ai.djl.ndarray; public interface NDArray { NDArray softmax(int axis); }",
          "package ai.djl.ndarray.types; public final class DataType { public static final Object BFLOAT16 = new Object(); }",
          "package ai.djl.pytorch; public interface PlantedSymbol {}",
          "package dev.fluxbridge.legacy.planted; public final class PlantedEngine {}",
          "package dev.fluxbridge.compat.local; public final class PlantedBridge {}",
          "package dev.fluxbridge.compat.openai; public final class PlantedOpenAiBridge {}",
          "package com.openai; public final class PlantedClient {}",
          "package ai.onnxruntime; public final class PlantedSession {}",
          "package dev.fluxbridge.compat.micrometer; public final class PlantedObserver {}",
          "package dev.fluxbridge.providers.openai; public final class PlantedOpenAi {}",
          "package dev.fluxbridge.providers.fal; public final class PlantedFal {}",
          "package okhttp3; public final class PlantedCall {}",
          "package com.fasterxml.jackson.databind; public class PlantedNode {}");

  private record Planted(String what, ArchRule caughtBy, List<String> sources) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Planted planted(String what, ArchRule caughtBy, String... sources) {
    return new Planted(what, caughtBy, List.of(sources));
  }

  static List<Planted> violations() {
    return List.of(
        planted(
            "a provider uses DJL",
            ArchitectureRules.PROVIDERS_NEVER_SEE_WHAT_DIES_BEFORE_THEM,
            "package dev.fluxbridge.providers.fal; final class P { ai.djl.PlantedArray array; }"),
        planted(
            "a provider uses the engine",
            ArchitectureRules.PROVIDERS_NEVER_SEE_WHAT_DIES_BEFORE_THEM,
            "package dev.fluxbridge.providers; final class P { Object o = new dev.fluxbridge.legacy.planted.PlantedEngine(); }"),
        planted(
            "the kit for tests asks the router",
            ArchitectureRules.WHAT_JUDGES_PICTURES_KNOWS_NO_ROAD,
            "package dev.fluxbridge.golden.planted; final class P { dev.fluxbridge.compat.route.Router router; }"),
        planted(
            "a metric decodes a picture",
            ArchitectureRules.METRICS_ARE_PLAIN_JAVA,
            "package dev.fluxbridge.golden.metrics; final class P { javax.imageio.ImageReader reader; }"),
        planted(
            "a facade uses the engine",
            ArchitectureRules.ONLY_THE_LOCAL_BRIDGE_SEES_THE_ENGINE,
            "package dev.fluxbridge.pipelines; final class P { Object o = new dev.fluxbridge.legacy.planted.PlantedEngine(); }"),
        planted(
            "the root uses DJL",
            ArchitectureRules.ONLY_THE_LOCAL_BRIDGE_SEES_THE_ENGINE,
            "package dev.fluxbridge.compat; final class P { ai.djl.PlantedArray array; }"),
        planted(
            "the root names the local bridge",
            ArchitectureRules.NOBODY_NAMES_THE_LOCAL_BRIDGE,
            "package dev.fluxbridge.compat; final class P { Object o = new dev.fluxbridge.compat.local.PlantedBridge(); }"),
        planted(
            "the root makes OpenAI's backend",
            ArchitectureRules.ONLY_ITS_BRIDGE_SEES_OPENAI,
            "package dev.fluxbridge.compat; final class P { Object o = new dev.fluxbridge.providers.openai.PlantedOpenAi(); }"),
        planted(
            "the root names the bridge to OpenAI",
            ArchitectureRules.NOBODY_NAMES_THE_BRIDGE_TO_OPENAI,
            "package dev.fluxbridge.compat; final class P { Object o = new dev.fluxbridge.compat.openai.PlantedOpenAiBridge(); }"),
        planted(
            "the router asks OpenFeature by itself",
            ArchitectureRules.ONLY_ITS_FLAG_SOURCE_SEES_OPENFEATURE,
            "package dev.fluxbridge.compat.route; final class P { dev.openfeature.sdk.Client client; }"),
        planted(
            "the root measures with Micrometer",
            ArchitectureRules.ONLY_ITS_OBSERVER_SEES_MICROMETER,
            "package dev.fluxbridge.compat; final class P { io.micrometer.observation.Observation o; }"),
        planted(
            "the root names the observer for Micrometer",
            ArchitectureRules.ONLY_ITS_OBSERVER_SEES_MICROMETER,
            "package dev.fluxbridge.compat; final class P { Object o = new dev.fluxbridge.compat.micrometer.PlantedObserver(); }"),
        planted(
            "the kit for tests runs a network",
            ArchitectureRules.ONLY_LEARNED_MEASURES_SEE_ONNX_RUNTIME,
            "package dev.fluxbridge.golden; final class P { ai.onnxruntime.PlantedSession session; }"),
        planted(
            "a learned measure shows its session",
            ArchitectureRules.A_VENDORS_LIBRARY_STAYS_INSIDE,
            "package dev.fluxbridge.golden.onnx; public final class P { public P(ai.onnxruntime.PlantedSession session) {} }"),
        planted(
            "a backend shows its vendor's client",
            ArchitectureRules.A_VENDORS_LIBRARY_STAYS_INSIDE,
            "package dev.fluxbridge.providers.openai; public final class P { public P(com.openai.PlantedClient client) {} }"),
        planted(
            "a model tells DJL a type of number",
            ArchitectureRules.ONLY_THE_KERNELS_TELL_DJL_A_TYPE_OF_NUMBER,
            "package dev.fluxbridge.legacy.text; final class P { Object o = ai.djl.ndarray.types.DataType.BFLOAT16; }"),
        planted(
            "a model lets an array hand its own type to native code",
            ArchitectureRules.ONLY_THE_KERNELS_TELL_DJL_A_TYPE_OF_NUMBER,
            "package dev.fluxbridge.legacy.text; final class P { Object o(ai.djl.ndarray.NDArray x) { return x.softmax(1); } }"),
        planted(
            "the engine uses a shared record",
            ArchitectureRules.THE_ENGINE_KNOWS_NOBODY,
            "package dev.fluxbridge.legacy.planted; final class P { dev.fluxbridge.providers.Seed seed; }"),
        planted(
            "the transformer calls PyTorch's engine by itself",
            ArchitectureRules.ONLY_THE_KERNELS_SEE_THE_PYTORCH_ENGINE,
            "package dev.fluxbridge.legacy.transformer; final class P { ai.djl.pytorch.PlantedSymbol symbol; }"),
        planted(
            "fal uses OpenAI",
            ArchitectureRules.VENDORS_DO_NOT_SEE_EACH_OTHER,
            "package dev.fluxbridge.providers.fal; final class P { Object o = new dev.fluxbridge.providers.openai.PlantedOpenAi(); }"),
        planted(
            "OpenAI uses fal",
            ArchitectureRules.VENDORS_DO_NOT_SEE_EACH_OTHER,
            "package dev.fluxbridge.providers.openai; final class P { Object o = new dev.fluxbridge.providers.fal.PlantedFal(); }"),
        planted(
            "fal uses OkHttp by itself",
            ArchitectureRules.SOCKETS_ARE_OPENED_IN_ONE_PLACE,
            "package dev.fluxbridge.providers.fal; final class P { Object o = new okhttp3.PlantedCall(); }"),
        planted(
            "a facade opens a socket",
            ArchitectureRules.SOCKETS_ARE_OPENED_IN_ONE_PLACE,
            "package dev.fluxbridge.pipelines; final class P { Object o() throws Exception { return new java.net.Socket(\"localhost\", 1); } }"),
        planted(
            "the root uses the JDK's HTTP client",
            ArchitectureRules.SOCKETS_ARE_OPENED_IN_ONE_PLACE,
            "package dev.fluxbridge.compat; final class P { Object o = java.net.http.HttpClient.newHttpClient(); }"),
        planted(
            "the engine downloads weights",
            ArchitectureRules.ADDRESSES_ARE_NOT_OPENED_BY_THE_JDK,
            "package dev.fluxbridge.legacy.planted; final class P { Object o(java.net.URL u) throws Exception { return u.openStream(); } }"),
        planted(
            "JSON in a public method, inside a generic type",
            ArchitectureRules.JSON_STAYS_INSIDE,
            "package dev.fluxbridge.providers.fal; public final class P { public java.util.Optional<com.fasterxml.jackson.databind.PlantedNode> body() { return java.util.Optional.empty(); } }"),
        planted(
            "JSON in a public record",
            ArchitectureRules.JSON_STAYS_INSIDE,
            "package dev.fluxbridge.providers.fal; public record P(com.fasterxml.jackson.databind.PlantedNode body) {}"),
        planted(
            "a logger in the data",
            ArchitectureRules.THE_DATA_IS_PLAIN_JAVA,
            "package dev.fluxbridge.providers; final class P { org.slf4j.Logger log; }"),
        planted(
            "a facade shows an array of DJL",
            ArchitectureRules.FACADES_SHOW_NO_THIRD_PARTY,
            "package dev.fluxbridge.pipelines; public final class P { public ai.djl.PlantedArray[] arrays() { return null; } }"),
        planted(
            "a facade chooses its road",
            ArchitectureRules.FACADES_REACH_ONLY_THE_ROOT,
            "package dev.fluxbridge.pipelines; final class P { dev.fluxbridge.compat.route.Router router; }"),
        planted(
            "a provider decodes a picture",
            ArchitectureRules.PICTURES_ARE_DECODED_IN_ONE_PLACE,
            "package dev.fluxbridge.providers.http; final class P { Object o() throws Exception { return javax.imageio.ImageIO.read(new java.io.File(\"x\")); } }"),
        planted(
            "two packages need each other",
            ArchitectureRules.NO_PACKAGE_CYCLES,
            "package dev.fluxbridge.one; public final class P { dev.fluxbridge.two.Q q; }",
            "package dev.fluxbridge.two; public final class Q { dev.fluxbridge.one.P p; }"),
        planted(
            "a public class that can be extended",
            ArchitectureRules.PUBLIC_TYPES_ARE_CLOSED,
            "package dev.fluxbridge.compat; public class P {}"),
        planted(
            "a package named util",
            ArchitectureRules.NO_DRAWERS,
            "package dev.fluxbridge.providers.util; final class P {}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aPlantedViolationIsCaught(Planted planted, @TempDir Path folder) throws IOException {
    JavaClasses classes = compile(planted.sources(), folder);
    assertThat(planted.caughtBy().evaluate(classes).hasViolation())
        .as("'%s' is caught by: %s", planted.what(), planted.caughtBy().getDescription())
        .isTrue();
  }

  @Test
  void everyRuleIsShownToCatchSomething() {
    assertThat(violations().stream().map(Planted::caughtBy).distinct().toList())
        .containsExactlyInAnyOrderElementsOf(ArchitectureRules.all());
  }

  private static JavaClasses compile(List<String> sources, Path folder) throws IOException {
    List<String> files = new ArrayList<>();
    for (String source : Stream.concat(SURROUNDINGS.stream(), sources.stream()).toList()) {
      Path file = folder.resolve("src").resolve(first(PACKAGE, source).replace('.', '/'));
      Files.createDirectories(file);
      files.add(Files.writeString(file.resolve(first(TYPE, source) + ".java"), source).toString());
    }
    Path out = Files.createDirectories(folder.resolve("classes"));
    List<String> options =
        List.of("-d", out.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      assertThat(
              compiler
                  .getTask(
                      null,
                      manager,
                      null,
                      options,
                      null,
                      manager.getJavaFileObjectsFromStrings(files))
                  .call())
          .isTrue();
    }
    return new ClassFileImporter().importPath(out);
  }

  private static String first(Pattern pattern, String source) {
    Matcher matcher = pattern.matcher(source);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
