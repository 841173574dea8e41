package dev.fluxbridge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.http.MediaPolicy;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * fal's queue and storage as recorded replies on a loopback server: every job is done at the first
 * look and gives one flat picture.
 */
public final class FalOnLoopback implements AutoCloseable {
  /** The colour of every picture, 0xRRGGBB. */
  public static final int COLOUR = 0x3366cc;

  /** An answer after which nothing is tried again. */
  private static final String DOWNSTREAM =
      "{\"detail\": [{\"type\": \"downstream_service_unavailable\", \"msg\": \"no\", \"loc\": []}]}";

  private final WireMockServer server = new WireMockServer(options().dynamicPort());

  public FalOnLoopback() {
    server.start();
    String requests = server.baseUrl() + "/fal-ai/flux/requests/r-1";
    server.stubFor(any(urlMatching(".*")).atPriority(9).willReturn(aResponse().withStatus(404)));
    server.stubFor(
        post(urlPathMatching("/fal-ai/.*"))
            .willReturn(
                okJson(
                    """
                    {"status": "IN_QUEUE", "request_id": "r-1", "queue_position": 0,
                     "response_url": "%1$s", "status_url": "%1$s/status", "cancel_url": "%1$s/cancel"}"""
                        .formatted(requests))));
    server.stubFor(
        get(urlPathMatching(".*/requests/r-1/status"))
            .willReturn(okJson("{\"status\": \"COMPLETED\", \"request_id\": \"r-1\"}")));
    server.stubFor(
        get(urlPathMatching(".*/requests/r-1"))
            .willReturn(
                okJson(
                    """
                    {"images": [{"url": "%s/media/1.png", "width": 64, "height": 64, "content_type": "image/png"}],
                     "seed": 7, "has_nsfw_concepts": [false], "prompt": "", "timings": {}}"""
                        .formatted(server.baseUrl()))));
    server.stubFor(
        put(urlPathMatching(".*/requests/r-1/cancel"))
            .willReturn(
                aResponse().withStatus(400).withBody("{\"status\":\"ALREADY_COMPLETED\"}")));
    server.stubFor(
        post(urlPathMatching("/storage/upload/initiate"))
            .willReturn(
                okJson(
                    "{\"upload_url\": \"%1$s/put/1\", \"file_url\": \"%1$s/media/2.png\"}"
                        .formatted(server.baseUrl()))));
    server.stubFor(put(urlPathMatching("/put/.*")).willReturn(aResponse()));
    server.stubFor(
        get(urlPathMatching("/media/.*"))
            .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody(png())));
  }

  /** From now on nothing is accepted: fal could not be reached by itself, it says. */
  public FalOnLoopback unavailable() {
    return answering("POST", "/fal-ai/.*", 400, DOWNSTREAM);
  }

  /** From now on nothing is accepted, because of the key, it says. */
  public FalOnLoopback refusing() {
    return answering("POST", "/fal-ai/.*", 401, "{\"detail\": \"no\"}");
  }

  /** From now on nothing is accepted, because of the arguments, it says. */
  public FalOnLoopback invalid() {
    return answering("POST", "/fal-ai/.*", 422, "{\"detail\": \"no\"}");
  }

  /** From now on what was accepted comes to nothing. */
  public FalOnLoopback failing() {
    return answering("GET", ".*/requests/r-1", 400, DOWNSTREAM);
  }

  private FalOnLoopback answering(String method, String path, int status, String body) {
    server.stubFor(
        request(method, urlPathMatching(path))
            .atPriority(1)
            .willReturn(aResponse().withStatus(status).withBody(body)));
    return this;
  }

  /** A fal client's configuration for this server. */
  public FalConfig config() {
    return FalConfig.fromEnvironment(Map.of("FAL_KEY", "loopback:key")::get)
        .with(FalHosts.allAt(URI.create(server.baseUrl())))
        .with(MediaPolicy.DEFAULT.withLoopback(true));
  }

  /** Settings that send every call here, with further ones on top. */
  public Settings settings(Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(properties());
    properties.putAll(more);
    return Settings.of(properties, Map.of("FAL_KEY", "loopback:key"), Map.of());
  }

  /** What leads every task here. */
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    for (Task task : Task.values()) {
      properties.put("fluxbridge.route." + task.label(), "fal");
    }
    properties.put(Settings.FAL_QUEUE_URL, server.baseUrl());
    properties.put(Settings.FAL_REST_URL, server.baseUrl());
    properties.put(Settings.FAL_LOOPBACK_MEDIA, "true");
    return properties;
  }

  /** The bodies that were posted, in order. */
  public List<JsonNode> submitted() {
    ObjectMapper json = new ObjectMapper();
    return server.findAll(postRequestedFor(urlMatching(".*"))).stream()
        .map(
            request -> {
              try {
                return json.readTree(request.getBody());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static byte[] png() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, COLOUR);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    server.stop();
  }
}
