package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestFilterAction;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestWrapper;
import com.github.tomakehurst.wiremock.extension.requestfilter.StubRequestFilterV2;
import com.github.tomakehurst.wiremock.http.Body;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.Place;
import dev.fluxbridge.golden.roads.Exchanges.Question;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers a run's requests from its recording, without waiting, and sends nothing anywhere. What
 * was not recorded is refused, in an answer after which no client tries again. For one run.
 */
final class Replay implements Edge {
  /**
   * Says which time something is asked, where that matters: what was recorded so often is answered
   * so often, because each was billed.
   */
  static final String TIME = "X-Time";

  private final Recording recording;
  private final Place place;
  private final Asked asked;
  private final Map<Question, Integer> times = new ConcurrentHashMap<>();
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable String> miss = new AtomicReference<>();
  private final Loopback server;

  /**
   * @param place the test, for messages
   * @throws GoldenException if WireMock cannot read the recording
   */
  Replay(Recording recording, Place place) {
    this.recording = recording;
    this.place = place;
    this.asked = new Asked(recording.prompts(), prompt -> {});
    try {
      this.server =
          Loopback.start(
              WireMockConfiguration.options()
                  .usingFilesUnderDirectory(recording.folder().toString()),
              new InRecordedWords(),
              new AsItWas());
    } catch (RuntimeException e) {
      throw new GoldenException(
          "the recording %s cannot be read: %s. Restore it, or record anew (-Dgolden.live)"
              .formatted(recording.folder(), e.getMessage()),
          e);
    }
    server.answerAll(WireMock.aResponse());
  }

  @Override
  public Map<String, String> properties() {
    return server.properties();
  }

  /** No client works without a key, and none of these opens anything. */
  @Override
  public Map<String, String> environment() {
    return server.environment(
        Map.of("FAL_KEY", "replayed:not-a-key", "OPENAI_API_KEY", "replayed-not-a-key"));
  }

  /** Tells requests as they are told in recordings, so that WireMock finds the answer. */
  private final class InRecordedWords implements StubRequestFilterV2 {
    @Override
    public RequestFilterAction filter(Request request, ServeEvent event) {
      Optional<JsonNode> body = asked.body(request);
      Question question = new Question(request.getMethod().getName(), Asked.path(request), body);
      RequestWrapper.Builder told = RequestWrapper.create();
      body.ifPresent(json -> told.transformBody(bytes -> new Body(Text.line(json))));
      if (!question.looks()) {
        told.addHeader(TIME, times.merge(question.anySlot(), 1, Integer::sum).toString());
      }
      return RequestFilterAction.continueWith(told.wrap(request));
    }

    @Override
    public String getName() {
      return "in-recorded-words";
    }
  }

  /** Puts this server's address and the pictures back into replies. */
  private final class AsItWas implements ResponseTransformerV2 {
    @Override
    public Response transform(Response response, ServeEvent event) {
      if (event.getStubMapping().getName() == null) {
        return refused(event.getRequest());
      }
      used.add(event.getStubMapping().getName());
      byte[] bytes = response.getBody();
      return Text.json(bytes == null ? new byte[0] : bytes)
          .map(json -> Bodies.whole("", json, recording.bodies()))
          .map(Text::line)
          .map(line -> server.at(new String(line, StandardCharsets.UTF_8)))
          .map(text -> Response.Builder.like(response).but().body(text).build())
          .orElse(response);
    }

    @Override
    public String getName() {
      return "as-it-was";
    }
  }

  /** 422, because no client sends again what a provider called senseless. */
  private Response refused(Request request) {
    Optional<JsonNode> body =
        Text.json(request.getBody() == null ? new byte[0] : request.getBody());
    String told =
        Miss.told(recording, used, request.getMethod().getName(), Asked.path(request), body);
    miss.compareAndSet(null, told);
    return Response.response()
        .status(422)
        .body("{\"detail\": \"this was not recorded, and is sent to nobody\"}")
        .build();
  }

  @Override
  public Optional<RuntimeException> ended(@Nullable Throwable failure) {
    return Optional.ofNullable(miss.get())
        .map(
            told ->
                new GoldenException(
                    """
                    the test asks something that the recording %s does not hold, and it was sent to nobody:
                      %s
                      if that is meant: record anew, with the provider's key in the environment (%s)"""
                        .formatted(recording.folder(), told, how(place)),
                    failure));
  }

  /** The command that records a test. */
  static String how(Place place) {
    return "mvn test -Dtest=%s -Dgolden.live=%s"
        .formatted(
            place.testClass().replaceFirst("^.*\\.", "").replaceFirst("\\$.*", ""), place.name());
  }

  @Override
  public void close() {
    server.close();
  }
}
