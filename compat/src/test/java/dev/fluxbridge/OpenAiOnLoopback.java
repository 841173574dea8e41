package dev.fluxbridge;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** OpenAI's image API on a loopback server: every call draws one grey picture of 816x816. */
public final class OpenAiOnLoopback implements AutoCloseable {
  private final WireMockServer server = new WireMockServer(options().dynamicPort());

  public OpenAiOnLoopback() {
    byte[] grey = Bitmaps.png(new Bitmap(816, 816, 1, new byte[816 * 816]));
    server.start();
    server.stubFor(
        post(urlPathMatching("/v1/images/(generations|edits)"))
            .willReturn(
                okJson(
                        """
                        {"created": 1763700000, "data": [{"b64_json": "%s"}],
                         "usage": {"input_tokens": 10, "output_tokens": 100, "total_tokens": 110,
                                   "input_tokens_details": {"text_tokens": 10, "image_tokens": 0}}}"""
                            .formatted(Base64.getEncoder().encodeToString(grey)))
                    .withHeader("x-request-id", "req_1")));
  }

  /** Settings that send every call here, with further ones on top. */
  public Settings settings(Map<String, String> more) {
    Map<String, String> properties =
        new HashMap<>(Map.of("fluxbridge.route.text-to-image", "openai"));
    properties.putAll(more);
    return Settings.of(properties, environment(), Map.of());
  }

  /** The variables that lead here. */
  public Map<String, String> environment() {
    return Map.of("OPENAI_API_KEY", "sk-loopback", "OPENAI_BASE_URL", server.baseUrl() + "/v1");
  }

  /** How often it was asked. */
  public int asked() {
    return server.findAll(postRequestedFor(urlMatching(".*"))).size();
  }

  @Override
  public void close() {
    server.stop();
  }
}
