package dev.fluxbridge.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.Router;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what the documents show. */
class SnippetsTest {
  private static final String AROUND =
      """
      import static dev.fluxbridge.golden.GoldenAssertions.assertThat;
      import dev.fluxbridge.compat.*;
      import dev.fluxbridge.compat.micrometer.*;
      import dev.fluxbridge.compat.openfeature.*;
      import dev.fluxbridge.compat.route.*;
      import dev.fluxbridge.compat.shadow.*;
      import dev.fluxbridge.golden.*;
      import dev.fluxbridge.golden.metrics.*;
      import dev.fluxbridge.golden.onnx.*;
      import dev.fluxbridge.pipelines.*;
      import dev.fluxbridge.providers.*;
      import dev.fluxbridge.providers.fal.*;
      import dev.fluxbridge.providers.fal.webhook.*;
      import dev.openfeature.sdk.Client;
      import dev.openfeature.sdk.OpenFeatureAPI;
      import io.micrometer.observation.ObservationRegistry;
      import java.awt.image.BufferedImage;
      import java.net.URI;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.*;
      import org.junit.jupiter.api.Test;
      public class Snippet implements java.util.concurrent.Callable<Object> {
        /** What the text around a snippet speaks of. */
        public static FalConfig config;
        public static Path file;
        public static Map<String, List<String>> headers = Map.of();
        public static byte[] body = {};

        public Object call() throws Exception {
          %s
          return null;
        }
      }
      """;

  static Stream<String> javaSnippets() {
    return Stream.of(Documents.README, Documents.GUIDE)
        .flatMap(document -> Documents.blocks(document, "java").stream())
        // those need what needs this module, which tests them
        .filter(snippet -> !snippet.contains("@GoldenRoads"));
  }

  @ParameterizedTest
  @MethodSource("javaSnippets")
  void everyJavaSnippetRuns(String snippet, @TempDir Path folder) throws Exception {
    Path source = Files.writeString(folder.resolve("Snippet.java"), AROUND.formatted(snippet));
    compile(source, folder);
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.of(fal.settings(Map.of()));
        URLClassLoader loader =
            new URLClassLoader(
                new java.net.URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Fluxbridge.useAsStandard(roads);
      Class<?> compiled = loader.loadClass("Snippet");
      compiled.getField("config").set(null, fal.config());
      compiled
          .getField("file")
          .set(null, Files.writeString(folder.resolve("fox.png"), "a picture"));
      Object runnable = compiled.getDeclaredConstructor().newInstance();
      ((java.util.concurrent.Callable<?>) runnable).call();
    }
  }

  @Test
  void everyPropertiesSnippetMakesSense() throws IOException {
    List<String> snippets = Documents.blocks(Documents.GUIDE, "properties");
    assertThat(snippets).isNotEmpty();
    for (String snippet : snippets) {
      Properties properties = new Properties();
      properties.load(new StringReader(snippet));
      Map<String, String> file = new HashMap<>();
      properties.stringPropertyNames().forEach(key -> file.put(key, properties.getProperty(key)));
      Fluxbridge.check(Settings.of(Map.of(), Map.of(), file), Router.KNOWN);
    }
  }

  @Test
  void everyPomSnippetNamesThisVersion() {
    String pom = Documents.read(Documents.ROOT.resolve("pom.xml"));
    for (String snippet : Documents.blocks(Documents.GUIDE, "xml")) {
      String version = snippet.replaceAll("(?s).*<version>(.*?)</version>.*", "$1");
      assertThat(pom)
          .contains(
              "<artifactId>fluxbridge-parent</artifactId>\n  <version>" + version + "</version>");
    }
  }

  private static void compile(Path source, Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d", folder.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
      boolean compiled =
          compiler
              .getTask(errors, manager, null, options, null, manager.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(errors.toString()).isTrue();
    }
  }
}
