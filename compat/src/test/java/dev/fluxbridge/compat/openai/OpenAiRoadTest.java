package dev.fluxbridge.compat.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.OpenAiOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageResult;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The road is taken where a flag says so, and its artifact is needed nowhere else. */
class OpenAiRoadTest {
  private static final Map<String, String> TO_OPENAI =
      Map.of("fluxbridge.route.text-to-image", "openai");

  private static final String OWN = "providers" + File.separator + "openai";

  /** Every entry of the class path that is left, in a loader that remembers OpenAI's classes. */
  private static final class Without extends URLClassLoader {
    int loaded;

    Without(Predicate<String> left) {
      super(
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .filter(left)
              .map(Path::of)
              .map(Without::url)
              .toArray(URL[]::new),
          ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path entry) {
      try {
        return entry.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> found = super.findClass(name);
      loaded += name.startsWith("com.openai.") ? 1 : 0;
      return found;
    }

    /** An old call, with what it throws. */
    void call(Map<String, String> properties, Map<String, String> environment) throws Throwable {
      Class<?> settings = loadClass(Settings.class.getName());
      Object set =
          settings
              .getMethod("of", Map.class, Map.class, Map.class)
              .invoke(null, properties, environment, Map.of());
      Class<?> roads = loadClass(Fluxbridge.class.getName());
      Class<?> pipeline = loadClass(FluxPipeline.class.getName());
      try (AutoCloseable open = (AutoCloseable) roads.getMethod("of", settings).invoke(null, set)) {
        Object pipe =
            pipeline
                .getMethod("fromPretrained", String.class, roads)
                .invoke(null, "black-forest-labs/FLUX.1-dev", open);
        pipeline.getMethod("call", String.class).invoke(pipe, "a cat");
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  @Test
  void anOldCallIsDrawnByOpenAiWhereTheFlagSaysSo() {
    try (OpenAiOnLoopback openAi = new OpenAiOnLoopback();
        Fluxbridge roads = Fluxbridge.of(openAi.settings(Map.of()))) {
      ImageResult result =
          FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads).call("a cat").result();
      assertThat(result.provenance().backend()).isEqualTo("openai");
      assertThat(result.provenance().because()).contains("fluxbridge.route.text-to-image");
      assertThat(result.provenance().requestIds()).containsExactly("req_1");
      assertThat(openAi.asked()).isEqualTo(1);
    }
  }

  @Test
  void withoutAKeyTheErrorSaysWhatToSet() {
    try (Fluxbridge roads = Fluxbridge.of(Settings.of(TO_OPENAI, Map.of(), Map.of()))) {
      assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", roads).call("a cat"))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
          .hasMessageContaining("set OPENAI_API_KEY");
    }
  }

  @Test
  void aDeadlineThatMakesNoSenseIsNamedWithItsPlace() {
    try (OpenAiOnLoopback openAi = new OpenAiOnLoopback();
        Fluxbridge roads =
            Fluxbridge.of(openAi.settings(Map.of(Settings.OPENAI_DEADLINE, "soon")))) {
      assertThatThrownBy(() -> FluxPipeline.fromPretrained("m", roads).call("a cat"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("system property fluxbridge.openai.deadline says 'soon'");
    }
  }

  @Test
  void withoutItsArtifactTheRoadIsNotInstalledAndTheErrorSaysWhatToAdd() throws Exception {
    try (Without loader =
        new Without(
            entry ->
                !entry.contains("openai-java")
                    && !entry.contains(OWN)
                    && !entry.contains("fluxbridge-providers-openai"))) {
      assertThatThrownBy(() -> loader.call(TO_OPENAI, Map.of("OPENAI_API_KEY", "sk-1")))
          .hasMessageContaining("'openai', which is not installed")
          .hasMessageContaining("add dev.fluxbridge:fluxbridge-providers-openai");
    }
  }

  @Test
  void nothingOfItIsLoadedBeforeACallTakesThatRoad() throws Throwable {
    try (FalOnLoopback fal = new FalOnLoopback();
        OpenAiOnLoopback openAi = new OpenAiOnLoopback();
        Without loader = new Without(entry -> true)) {
      loader.call(fal.properties(), Map.of("FAL_KEY", "a:b"));
      assertThat(loader.loaded).isZero();

      loader.call(TO_OPENAI, openAi.environment());
      assertThat(loader.loaded).isPositive();
    }
  }
}
