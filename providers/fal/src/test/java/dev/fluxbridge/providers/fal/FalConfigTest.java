package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.fal.image.FalModels;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalConfigTest {

  @Test
  void asksFalItselfUnlessTheEnvironmentSaysOtherwise() {
    FalConfig config = FalConfig.fromEnvironment(name -> null);

    assertThat(config.hosts()).isEqualTo(FalHosts.DEFAULT);
    assertThat(config.models().image()).isEqualTo("fal-ai/flux/dev");
    assertThat(config.strict()).isFalse();
    assertThat(config.media().loopback()).isFalse();
  }

  @Test
  void takesHostsAndModelFromTheEnvironment() {
    FalConfig config =
        FalConfig.fromEnvironment(
            Map.of(
                    "FAL_RUN_HOST", "gateway.example",
                    "FAL_IMAGE_MODEL", " fal-ai/flux/schnell ")
                ::get);

    assertThat(config.hosts().run()).isEqualTo(URI.create("https://gateway.example"));
    assertThat(config.hosts().queue()).isEqualTo(URI.create("https://queue.gateway.example"));
    assertThat(config.models().image()).isEqualTo("fal-ai/flux/schnell");

    FalConfig queue =
        FalConfig.fromEnvironment(Map.of("FAL_QUEUE_RUN_HOST", "http://127.0.0.1:8080")::get);
    assertThat(queue.hosts().queue()).isEqualTo(URI.create("http://127.0.0.1:8080"));
    assertThat(queue.hosts().run()).isEqualTo(FalHosts.DEFAULT.run());
  }

  @Test
  void takesAnEndpointForEachTaskFromTheEnvironment() {
    FalModels models =
        FalConfig.fromEnvironment(
                Map.of(
                        "FAL_IMAGE_TO_IMAGE_MODEL", "fal-ai/flux-lora/image-to-image",
                        "FAL_INPAINT_MODEL", "fal-ai/flux-general/inpainting",
                        "FAL_FILL_MODEL", "fal-ai/flux-pro/v1/fill",
                        "FAL_CONTROL_MODEL", "fal-ai/flux-control-lora-depth",
                        "FAL_KONTEXT_MODEL", "fal-ai/flux-pro/kontext",
                        "FAL_STT_MODEL", "fal-ai/wizper",
                        "FAL_VIDEO_MODEL", "fal-ai/wan/v2.7/text-to-video",
                        "FAL_CONTROL_KIND", "pose")
                    ::get)
            .models();

    assertThat(models)
        .isEqualTo(
            new FalModels(
                "fal-ai/flux/dev",
                "fal-ai/flux-lora/image-to-image",
                "fal-ai/flux-general/inpainting",
                "fal-ai/flux-pro/v1/fill",
                Optional.of("fal-ai/flux-control-lora-depth"),
                "fal-ai/flux-pro/kontext",
                Optional.of("fal-ai/wizper"),
                Optional.of("fal-ai/wan/v2.7/text-to-video"),
                Optional.of("pose")));
    assertThat(FalModels.DEFAULT.control()).isEmpty();
  }

  @Test
  void refusesAnEndpointThatIsGoneWhenItIsRead() {
    assertThatThrownBy(
            () ->
                FalConfig.fromEnvironment(
                    Map.of("FAL_CONTROL_MODEL", "fal-ai/flux-pro/v1/canny")::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FAL_CONTROL_MODEL")
        .hasMessageContaining("fal-ai/flux-control-lora-canny");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://queue.fal.run",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "ftp://localhost",
        "https://user:pw@queue.fal.run",
        "https://queue.fal.run?x=1",
        "/relative"
      })
  void refusesHostsThatTheKeyMustNotGoTo(String base) {
    assertThatThrownBy(() -> FalHosts.allAt(URI.create(base)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("address of fal");
  }

  @ParameterizedTest
  @CsvSource({
    "https://queue.fal.run, https://queue.fal.run/a, true",
    "https://queue.fal.run, https://QUEUE.fal.run:443/a, true",
    "https://queue.fal.run, http://queue.fal.run/a, false",
    "https://queue.fal.run, https://queue.fal.run:444/a, false",
    "https://queue.fal.run, https://queue.fal.run.evil.example/a, false",
    "https://queue.fal.run, https://x@queue.fal.run/a, false",
    "https://queue.fal.run, https://fal.run/a, false"
  })
  void knowsWhichAddressesTheKeyMayGoTo(String queue, String address, boolean may) {
    FalHosts hosts = FalHosts.allAt(URI.create(queue));

    assertThat(hosts.onQueue(URI.create(address))).isEqualTo(may);
  }

  @Test
  void keepsAPathOfABase() {
    URI base = URI.create("https://gateway.example/fal/");

    assertThat(FalHosts.at(base, "/a/b")).isEqualTo(URI.create("https://gateway.example/fal/a/b"));
  }

  @Test
  void asksLessAndLessOften() {
    FalPolling polling = new FalPolling(Duration.ofMillis(200), Duration.ofMillis(400));

    assertThat(polling.after(Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(300));
    assertThat(polling.after(Duration.ofMillis(300))).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void refusesADeadlineOfNothing() {
    FalConfig config = FalConfig.fromEnvironment(name -> null);

    assertThatThrownBy(() -> config.withDeadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
