package dev.fluxbridge.golden.roads;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.Extension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The server of one run, on a free port of this machine, and what leads the clients there. */
final class Loopback implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final WireMockServer server;

  private Loopback(WireMockServer server) {
    this.server = server;
  }

  /** Starts it. */
  static Loopback start(WireMockConfiguration configuration, Extension... extensions) {
    WireMockServer server =
        new WireMockServer(
            configuration
                .dynamicPort()
                .bindAddress("127.0.0.1")
                .disableRequestJournal()
                .gzipDisabled(true)
                // A provider may think for minutes.
                .jettyIdleTimeout(PATIENCE.toMillis())
                .extensions(extensions));
    server.start();
    return new Loopback(server);
  }

  /** Whatever is asked and has no answer of its own gets this. */
  void answerAll(ResponseDefinitionBuilder answer) {
    server.stubFor(
        WireMock.any(WireMock.anyUrl()).atPriority(Integer.MAX_VALUE).willReturn(answer));
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** A text as it was recorded, with this server's own address. */
  String at(String recorded) {
    return recorded.replace(Paths.HERE, url());
  }

  Map<String, String> properties() {
    return Map.of(
        "fluxbridge.fal.queue-url", url() + Paths.FAL_QUEUE,
        "fluxbridge.fal.rest-url", url() + Paths.FAL_REST,
        "fluxbridge.fal.loopback-media", "true");
  }

  /**
   * The same for what is led by the environment.
   *
   * @param more beside it
   */
  Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("OPENAI_BASE_URL", url() + Paths.OPENAI);
    return environment;
  }

  @Override
  public void close() {
    server.stop();
  }
}
