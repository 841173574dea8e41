package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestFilterAction;
import com.github.tomakehurst.wiremock.extension.requestfilter.StubRequestFilterV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Timeouts;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** fal's queue on loopback, as far as a test sets it up. */
final class FalServer implements AutoCloseable {
  static final String KEY = "canary-id:canary-secret-5f2e";
  static final String FLUX_DEV = "/fal-ai/flux/dev";

  final WireMockServer wire =
      new WireMockServer(
          options().dynamicPort().http2PlainDisabled(true).extensions(new Announcer()));

  /** Done for each request when it comes, before it is answered. */
  volatile Runnable onRequest = () -> {};

  private final class Announcer implements StubRequestFilterV2 {
    @Override
    public RequestFilterAction filter(Request request, ServeEvent event) {
      onRequest.run();
      return RequestFilterAction.continueWith(request);
    }

    @Override
    public String getName() {
      return "announcer";
    }
  }

  FalServer() {
    wire.start();
  }

  URI base() {
    return URI.create("http://localhost:" + wire.port());
  }

  FalConfig config() {
    return FalConfig.fromEnvironment(Map.of("FAL_KEY", KEY)::get)
        .with(FalHosts.allAt(base()))
        .with(
            new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20)))
        .with(MediaPolicy.DEFAULT.withLoopback(true));
  }

  /** A submit answers with this id and addresses of this server. */
  FalServer accepts(String endpoint, String id) {
    wire.stubFor(post(urlPathEqualTo(endpoint)).willReturn(okJson(accepted(endpoint, id))));
    return this;
  }

  /** Submits answer with one id after the other. */
  FalServer acceptsInTurn(String endpoint, String... ids) {
    for (int i = 0; i < ids.length; i++) {
      wire.stubFor(
          post(urlPathEqualTo(endpoint))
              .inScenario("submits")
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "submitted " + i)
              .willReturn(okJson(accepted(endpoint, ids[i])))
              .willSetStateTo("submitted " + (i + 1)));
    }
    return this;
  }

  String accepted(String endpoint, String id) {
    String app = EndpointId.parse(endpoint.substring(1)).app();
    String at = base() + "/" + app + "/requests/" + id;
    return """
    {"status":"IN_QUEUE","request_id":"%s","response_url":"%s","status_url":"%s/status",
     "cancel_url":"%s/cancel","queue_position":0,"logs":null,"metrics":{}}"""
        .formatted(id, at, at, at);
  }

  /** Looks at a request see these statuses in turn, the last one for ever. */
  FalServer reports(String id, String... bodies) {
    for (int i = 0; i < bodies.length; i++) {
      boolean last = i == bodies.length - 1;
      wire.stubFor(
          get(urlPathMatching("/.*/requests/" + id + "/status"))
              .inScenario("looks at " + id)
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "looked " + i)
              .willReturn(okJson(bodies[i]))
              .willSetStateTo(last ? "looked " + i : "looked " + (i + 1)));
    }
    if (bodies.length == 1) {
      wire.stubFor(
          get(urlPathMatching("/.*/requests/" + id + "/status")).willReturn(okJson(bodies[0])));
    }
    return this;
  }

  FalServer completes(String id) {
    return reports(id, "{\"status\":\"COMPLETED\",\"metrics\":{\"inference_time\":0.5}}");
  }

  FalServer results(String id, ResponseDefinitionBuilder reply) {
    wire.stubFor(get(urlPathMatching("/.*/requests/" + id)).willReturn(reply));
    return this;
  }

  /** A request ends in so many pictures, served by this server. */
  FalServer draws(String id, int pictures, int width, int height) {
    completes(id);
    results(id, okJson(images(pictures, id)).withHeader("X-Fal-Billable-Units", "1.5"));
    wire.stubFor(
        get(urlPathMatching("/files/" + id + "/.*"))
            .willReturn(
                aResponse().withHeader("Content-Type", "image/jpeg").withBody(png(width, height))));
    return this;
  }

  String images(int pictures, String id) {
    String images =
        IntStream.range(0, pictures)
            .mapToObj(
                i ->
                    "{\"url\":\"%s/files/%s/%d.png\",\"width\":1,\"height\":1}"
                        .formatted(base(), id, i))
            .collect(Collectors.joining(","));
    String flags =
        IntStream.range(0, pictures).mapToObj(i -> "false").collect(Collectors.joining(","));
    return """
    {"images":[%s],"timings":{"inference":0.5},"seed":42,"has_nsfw_concepts":[%s],
     "prompt":"as sent","something_new":{"a":1}}"""
        .formatted(images, flags);
  }

  FalServer letsCancel() {
    wire.stubFor(
        put(urlPathMatching("/.*/cancel"))
            .willReturn(
                aResponse().withStatus(202).withBody("{\"status\":\"CANCELLATION_REQUESTED\"}")));
    return this;
  }

  int submits() {
    return wire.countRequestsMatching(postRequestedFor(urlPathMatching("/.*")).build()).getCount();
  }

  int cancels(String id) {
    return wire.countRequestsMatching(
            putRequestedFor(urlPathMatching("/.*/requests/" + id + "/cancel")).build())
        .getCount();
  }

  static byte[] png(int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    wire.stop();
  }
}
