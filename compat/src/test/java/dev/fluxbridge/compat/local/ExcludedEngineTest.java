package dev.fluxbridge.compat.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.legacy.flux.FluxEngine;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the guide's last section starts with: a caller's pom leaves the engine out, and this module
 * stays as it is.
 */
class ExcludedEngineTest {
  @Test
  void theLocalRoadCountsAsNotInstalledWhereTheEngineIsLeftOut() throws Exception {
    Path engine =
        Path.of(FluxEngine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    URL[] withoutEngine =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(entry -> !entry.toAbsolutePath().equals(engine))
            .map(ExcludedEngineTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(withoutEngine, ClassLoader.getPlatformClassLoader())) {
      Class<?> settings = loader.loadClass(Settings.class.getName());
      Object flagged =
          settings
              .getMethod("of", Map.class, Map.class, Map.class)
              .invoke(null, Map.of("fluxbridge.route.text-to-image", "local"), Map.of(), Map.of());
      Object roads =
          loader
              .loadClass(Fluxbridge.class.getName())
              .getMethod("of", settings)
              .invoke(null, flagged);
      Class<?> pipeline = loader.loadClass("dev.fluxbridge.pipelines.FluxPipeline");
      Object pipe =
          pipeline
              .getMethod("fromPretrained", String.class, roads.getClass())
              .invoke(null, "m", roads);
      Throwable refusal = null;
      try {
        pipeline.getMethod("call", String.class).invoke(pipe, "a cat");
      } catch (InvocationTargetException e) {
        refusal = e.getCause();
      }
      assertThat(refusal)
          .hasMessageContaining(
              "'local', which is not installed. Installed for text-to-image: fal");
    }
  }

  private static URL url(Path entry) {
    try {
      return entry.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
