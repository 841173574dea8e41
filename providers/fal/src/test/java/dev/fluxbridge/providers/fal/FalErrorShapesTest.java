package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every shape of a refusal that fal documents or was seen to send, over a real connection. */
class FalErrorShapesTest {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");
  private static final String INPUT = "{\"prompt\":\"x\"}";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    fal.close();
  }

  private FalException submit(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(post(urlPathEqualTo(FalServer.FLUX_DEV)).willReturn(answer));
    try (FalClient client = new FalClient(fal.config(), time.effects())) {
      return catchThrowableOfType(FalException.class, () -> client.submit(ENDPOINT, INPUT));
    }
  }

  private FalException result(ResponseDefinitionBuilder answer) {
    fal.results("r1", answer);
    try (FalClient client = new FalClient(fal.config(), time.effects())) {
      return catchThrowableOfType(
          FalException.class, () -> client.result(FalHandle.of(ENDPOINT, "r1")));
    }
  }

  private static ResponseDefinitionBuilder answer(int status, String body) {
    return aResponse().withStatus(status).withBody(body);
  }

  /** One complaint of each type that fal documents, with its context. */
  static Stream<Arguments> complaints() {
    return Stream.of(
        Arguments.of("content_policy_violation", Reason.REFUSED, "{}", Map.of()),
        Arguments.of("no_media_generated", Reason.INVALID, "{}", Map.of()),
        Arguments.of(
            "image_too_small",
            Reason.INVALID,
            "{\"min_height\":64,\"min_width\":32}",
            Map.of("min_height", "64", "min_width", "32")),
        Arguments.of(
            "image_too_large",
            Reason.INVALID,
            "{\"max_height\":4096}",
            Map.of("max_height", "4096")),
        Arguments.of("image_load_error", Reason.INVALID, "{}", Map.of()),
        Arguments.of("file_download_error", Reason.INVALID, "{}", Map.of()),
        Arguments.of("face_detection_error", Reason.INVALID, "{}", Map.of()),
        Arguments.of("file_too_large", Reason.INVALID, "{\"max_size\":1}", Map.of("max_size", "1")),
        Arguments.of("greater_than", Reason.INVALID, "{\"gt\":0.5}", Map.of("gt", "0.5")),
        Arguments.of("greater_than_equal", Reason.INVALID, "{\"ge\":1}", Map.of("ge", "1")),
        Arguments.of("less_than", Reason.INVALID, "{\"lt\":1}", Map.of("lt", "1")),
        Arguments.of("less_than_equal", Reason.INVALID, "{\"le\":1}", Map.of("le", "1")),
        Arguments.of(
            "multiple_of", Reason.INVALID, "{\"multiple_of\":16}", Map.of("multiple_of", "16")),
        Arguments.of(
            "sequence_too_short", Reason.INVALID, "{\"min_length\":1}", Map.of("min_length", "1")),
        Arguments.of(
            "sequence_too_long", Reason.INVALID, "{\"max_length\":9}", Map.of("max_length", "9")),
        Arguments.of(
            "one_of",
            Reason.INVALID,
            "{\"expected\":[\"png\",\"jpeg\"]}",
            Map.of("expected", "[\"png\",\"jpeg\"]")),
        Arguments.of("feature_not_supported", Reason.INVALID, "null", Map.of()),
        Arguments.of(
            "invalid_archive",
            Reason.INVALID,
            "{\"supported_extensions\":[\".zip\"]}",
            Map.of("supported_extensions", "[\".zip\"]")),
        Arguments.of(
            "archive_file_count_below_minimum",
            Reason.INVALID,
            "{\"min_count\":4,\"provided_count\":1}",
            Map.of("min_count", "4", "provided_count", "1")),
        Arguments.of(
            "audio_duration_too_long",
            Reason.INVALID,
            "{\"max_duration\":30.0,\"provided_duration\":31.5}",
            Map.of("max_duration", "30.0", "provided_duration", "31.5")),
        Arguments.of(
            "unsupported_image_format",
            Reason.INVALID,
            "{\"supported_formats\":[]}",
            Map.of("supported_formats", "[]")),
        Arguments.of("missing", Reason.INVALID, "{\"a\":null}", Map.of("a", "null")),
        Arguments.of("string_type", Reason.INVALID, "{}", Map.of()),
        Arguments.of("never_seen_before", Reason.INVALID, "[1]", Map.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("complaints")
  void keepsEachTypedComplaintWithItsContext(
      String type, Reason reason, String context, Map<String, String> kept) {
    FalException failure =
        result(
            answer(
                    422,
                    """
                    {"detail":[{"loc":["body","image_urls",0],"msg":"no good","type":"%s",
                     "url":"https://docs.fal.ai/errors/#x","ctx":%s,"input":"canary-input"}]}"""
                        .formatted(type, context))
                .withHeader("X-Fal-Retryable", "true")
                .withHeader("x-fal-request-id", "other-id"));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.details())
        .containsExactly(new FalDetail(List.of("body", "image_urls", "0"), "no good", type, kept));
    assertThat(failure.details().get(0).path()).isEqualTo("body.image_urls[0]");
    assertThat(failure)
        .hasMessageContaining("body.image_urls[0]: no good (" + type + ")")
        .hasMessageNotContaining("canary-input");
    assertThat(failure.retryable()).as("what was wrong stays wrong").isFalse();
    assertThat(failure.status()).hasValue(422);
    assertThat(failure.requestId()).contains("r1");
    assertThat(failure.headers().requestId()).contains("other-id");
  }

  /** The platform's names of its own failures. */
  @ParameterizedTest
  @CsvSource({
    "504, request_timeout, UNAVAILABLE, true",
    "504, startup_timeout, UNAVAILABLE, true",
    "503, runner_scheduling_failure, UNAVAILABLE, true",
    "503, runner_connection_timeout, UNAVAILABLE, true",
    "503, runner_disconnected, UNAVAILABLE, true",
    "503, runner_connection_refused, UNAVAILABLE, true",
    "503, runner_connection_error, UNAVAILABLE, true",
    "502, runner_incomplete_response, UNAVAILABLE, true",
    "500, runner_server_error, UNAVAILABLE, false",
    "500, internal_error, UNAVAILABLE, false",
    "499, client_disconnected, CANCELLED, false",
    "499, client_cancelled, CANCELLED, false",
    "400, bad_request, INVALID, false"
  })
  void namesThePlatformsOwnFailures(int status, String type, Reason reason, boolean retryable) {
    for (boolean inBody : new boolean[] {true, false}) {
      FalException failure =
          submit(
              answer(
                      status,
                      inBody
                          ? "{\"detail\":\"it says why\",\"error_type\":\"%s\"}".formatted(type)
                          : "{\"detail\":\"it says why\"}")
                  .withHeader("X-Fal-Error-Type", inBody ? "body_wins" : type)
                  .withHeader("x-fal-request-id", "gw-1"));

      assertThat(failure.errorType()).isEqualTo(type);
      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure.retryable()).isEqualTo(retryable);
      assertThat(failure).hasMessageContaining("it says why").hasMessageContaining("" + status);
      assertThat(failure.requestId()).contains("gw-1");
      assertThat(failure.userTimeout()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"detail\":\"slow down\",\"error_type\":\"concurrent_requests_limit\"}",
        "{\"detail\":\"slow down\",\"type\":\"concurrent_requests_limit\"}",
        "{\"detail\":{\"msg\":\"slow down\",\"type\":\"concurrent_requests_limit\"}}",
        "{\"detail\":{\"message\":\"slow down\",\"error_type\":\"concurrent_requests_limit\"}}",
        "{\"detail\":[{\"loc\":[],\"msg\":\"slow down\",\"type\":\"concurrent_requests_limit\"}]}",
        "{\"error\":{\"message\":\"slow down\",\"type\":\"concurrent_requests_limit\"}}"
      })
  void findsTheLimitOfCallsAtOnceWhereverItStands(String body) {
    FalException failure = submit(answer(429, body).withHeader("X-Fal-needs-retry", "1"));

    assertThat(failure.errorType()).isEqualTo("concurrent_requests_limit");
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContaining("slow down");
  }

  @Test
  void readsATextAboutTheInputAsAComplaintAboutAllOfIt() {
    FalException failure = submit(answer(422, "{\"detail\":\"prompt and image contradict\"}"));

    assertThat(failure.details())
        .containsExactly(
            new FalDetail(List.of("body"), "prompt and image contradict", "", Map.of()));
    assertThat(failure).hasMessageContaining("body: prompt and image contradict");
  }

  @Test
  void readsThePlatformApisEnvelopeWithItsRequestId() {
    FalException failure =
        submit(
            answer(
                404,
                """
                {"error":{"type":"not_found","message":"no such model",
                 "docs_url":"https://docs.fal.ai/x","request_id":"p-1"}}"""));

    assertThat(failure.errorType()).isEqualTo("not_found");
    assertThat(failure.requestId()).contains("p-1");
    assertThat(failure).hasMessageContaining("no such model");
  }

  /** What is no JSON object, or one that nobody describes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html><body>nginx</body></html> | an HTML page",
        "  <HTML><head><title>502</title></head> | an HTML page",
        "upstream connect error | not a JSON object",
        "[] | not a JSON object",
        "\"text\" | not a JSON object",
        "null | not a JSON object",
        "{\"detail\":[ | not a JSON object",
        "{} garbage | not a JSON object",
        "'' | an empty body",
        "{} | no reason given",
        "{\"detail\":[1,null,[],{}]} | no reason given",
        "{\"detail\":{\"a\":[]}} | no reason given",
        "{\"detail\":null,\"error_type\":7} | no reason given",
        "{\"detail\":[\"a text\"]} | a text",
        "{\"detail\":[{\"loc\":\"body\",\"msg\":\"m\"}]} | body: m",
        "{\"detail\":[{\"loc\":[true,1.5,null],\"msg\":5,\"type\":{}}]} | true.1.5.null",
        "{\"message\":\"from a gateway\"} | from a gateway",
        "{\"error\":\"plain\"} | plain",
        "{\"status\":\"NOT_FOUND\"} | NOT_FOUND"
      })
  void survivesWhatNobodyDescribes(String body, String said) {
    FalException failure = submit(answer(400, body));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("fal answered 400").hasMessageContaining(said);
    assertThat(failure.rawBody()).isEqualTo(body);
    assertThat(failure.retryable()).isFalse();
  }

  @Test
  void keepsMuchThatIsSaidInBounds() {
    String item = "{\"loc\":[\"body\"],\"msg\":\"" + "m".repeat(1_000) + "\",\"type\":\"t\"}";
    FalException failure =
        submit(
            answer(422, "{\"detail\":[" + (item + ",").repeat(4_999) + item + "]}")
                .withHeader("Set-Cookie", "session=canary")
                .withHeader("X-Long", "h".repeat(5_000)));

    assertThat(failure.details()).hasSize(100);
    assertThat(failure.rawBody()).hasSize(16 * 1024);
    assertThat(failure.getMessage()).hasSizeLessThan(2_000).contains("and 97 more");
    assertThat(failure.headers().first("Set-Cookie")).isEmpty();
    assertThat(failure.headers().first("X-Long")).isPresent();
  }

  @Test
  void survivesAnAnswerNestedToAbsurdity() {
    FalException failure =
        submit(answer(400, "{\"detail\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("not a JSON object");
  }

  @Test
  void knowsTheCallersOwnLimitForTheStart() {
    FalException failure =
        result(
            answer(504, "{\"detail\":\"late\",\"error_type\":\"request_timeout\"}")
                .withHeader("X-Fal-Request-Timeout-Type", "user")
                .withHeader("X-Fal-Needs-Retry", "1")
                .withHeader("x-fal-request-id", "r1"));

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure.userTimeout()).isTrue();
    assertThat(failure.retryable()).isFalse();
    assertThat(time.pauses).as("it was not tried again").isEmpty();
  }

  @Test
  void saysWhatAFailureCostsAsFarAsFalDoes() {
    assertThat(
            submit(answer(422, "{\"detail\":\"no\"}").withHeader("X-Fal-Billable-Units", "0.5"))
                .cost())
        .isEqualTo(new Cost.Units(new BigDecimal("0.5")));
    assertThat(submit(answer(422, "{\"detail\":\"no\"}")).cost())
        .as("a runner may have worked on it")
        .isEqualTo(new Cost.Unknown());
    assertThat(
            submit(answer(500, "{\"detail\":\"no\"}").withHeader("x-fal-request-id", "r1")).cost())
        .as("fal charges nothing for its own failures")
        .isEqualTo(new Cost.NotBilled());
    assertThat(submit(answer(504, "<html>nginx</html>")).cost()).isEqualTo(new Cost.Unknown());
  }

  @Test
  void hintsAtTheKeyWhereFalWantsOne() {
    assertThat(submit(answer(401, "{\"detail\":\"Unauthorized\"}")))
        .hasMessageContaining("look at FAL_KEY")
        .hasMessageNotContaining("carried no key");

    try (FalClient client =
        new FalClient(fal.config().with(FalCredentials.none()), time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> client.submit(ENDPOINT, INPUT));
      assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
      assertThat(failure)
          .hasMessageContaining("look at FAL_KEY")
          .hasMessageContaining("the call carried no key");
    }
    assertThat(
            fal.wire.getAllServeEvents().stream()
                .filter(event -> !event.getRequest().containsHeader("Authorization")))
        .hasSize(1);
  }
}
