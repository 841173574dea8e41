package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a submit costs at most: one request at fal. */
class FalSubmitTest {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    fal.close();
  }

  private FalHandle submit(FalConfig config) {
    try (FalClient client = new FalClient(config, time.effects())) {
      return client.submit(ENDPOINT, "{\"prompt\":\"x\"}");
    }
  }

  private FalException fails(FalConfig config) {
    return catchThrowableOfType(FalException.class, () -> submit(config));
  }

  private void answers(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(post(urlPathEqualTo(FalServer.FLUX_DEV)).willReturn(answer));
  }

  private void answersFirst(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(
        post(urlPathEqualTo(FalServer.FLUX_DEV))
            .inScenario("first")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(answer)
            .willSetStateTo("then"));
    fal.wire.stubFor(
        post(urlPathEqualTo(FalServer.FLUX_DEV))
            .inScenario("first")
            .whenScenarioStateIs("then")
            .willReturn(okJson(fal.accepted(FalServer.FLUX_DEV, "r1"))));
  }

  @Test
  void returnsWhatFalSaysOfTheRequest() {
    fal.accepts(FalServer.FLUX_DEV, "r1");

    FalHandle handle = submit(fal.config());

    assertThat(handle.requestId()).isEqualTo("r1");
    assertThat(handle.endpoint()).isEqualTo(ENDPOINT);
    assertThat(handle.statusUrl())
        .contains(URI.create(fal.base() + "/fal-ai/flux/requests/r1/status"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
  void isNotSentAgainWhenTheConnectionBreaksAfterIt(Fault fault) {
    answers(aResponse().withFault(fault));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure)
        .hasMessageContaining("fal-ai/flux/dev may have been accepted and billed")
        .hasMessageContaining("dashboard");
    assertThat(fal.submits()).isEqualTo(1);
    assertThat(time.pauses).isEmpty();
  }

  @Test
  void tellsTheHeadOfAnAnswerThatBrokeOff() {
    answers(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure).hasCauseInstanceOf(HttpException.class);
    assertThat(failure.status()).hasValue(200);
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void namesTheRequestIdWhenOnlyTheHeadOfTheAnswerCame() {
    answers(
        aResponse()
            .withHeader("x-fal-request-id", "head-1")
            .withHeader("Content-Length", "1000")
            .withBody("{\"request_id\":"));

    FalException failure =
        fails(fal.config().with(timeouts(Duration.ofMillis(1_500), Duration.ofSeconds(9))));

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure.requestId()).contains("head-1");
    assertThat(failure.status()).hasValue(200);
    assertThat(failure.headers().requestId()).contains("head-1");
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void isNotSentAgainWhenTheAnswerTakesTooLong() {
    answers(okJson(fal.accepted(FalServer.FLUX_DEV, "r1")).withFixedDelay(2_000));

    FalException failure =
        fails(fal.config().with(timeouts(Duration.ofMillis(200), Duration.ofSeconds(9))));

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(fal.submits()).isEqualTo(1);
  }

  private static Timeouts timeouts(Duration read, Duration whole) {
    return new Timeouts(Duration.ofSeconds(5), read, Duration.ofSeconds(5), whole);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>welcome</html>", "", "[]", "{}", "{\"request_id\":\"../../x\"}"})
  void isNotSentAgainWhenItWasAcceptedInWordsThatMakeNoSense(String body) {
    answers(aResponse().withStatus(200).withBody(body));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure.status()).hasValue(200);
    assertThat(failure.rawBody()).isEqualTo(body);
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void isNotSentAgainWhenAGatewayGaveUpWaitingForFal() {
    answers(
        aResponse()
            .withStatus(504)
            .withHeader("X-Fal-Needs-Retry", "1")
            .withHeader("Via", "nginx")
            .withBody("<html>nginx</html>"));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure.status()).hasValue(504);
    assertThat(failure.headers().first("via")).contains("nginx");
    assertThat(failure.rawBody()).isEqualTo("<html>nginx</html>");
    assertThat(failure.retryable()).as("by itself or by a caller's own loop").isFalse();
    assertThat(fal.submits()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void isNotSentAgainWhenFalItselfFails(int status) {
    answers(
        aResponse()
            .withStatus(status)
            .withHeader("x-fal-request-id", "gw-1")
            .withBody("{\"detail\":\"broken\",\"error_type\":\"internal_error\"}"));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.requestId()).contains("gw-1");
    assertThat(fal.submits()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 429})
  void isSentAgainWhenItWasTurnedAwayAtTheDoor(int status) {
    answersFirst(aResponse().withStatus(status).withBody("<html>nginx</html>"));

    assertThat(submit(fal.config()).requestId()).isEqualTo("r1");
    assertThat(fal.submits()).isEqualTo(2);
    assertThat(time.pauses).hasSize(1);
  }

  @Test
  void waitsAsLongAsFalAsks() {
    answersFirst(aResponse().withStatus(429).withHeader("Retry-After", "17"));

    submit(fal.config());

    assertThat(time.pauses).containsExactly(Duration.ofSeconds(17));
  }

  @Test
  void isNotSentAgainWhereFalAdvisesAgainstIt() {
    answers(aResponse().withStatus(429).withHeader("X-Fal-Needs-Retry", "0"));

    FalException failure = fails(fal.config());

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryable()).isFalse();
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void isNotSentAgainByTheInstructionToRetryAtOnce() {
    answers(
        aResponse()
            .withStatus(503)
            .withHeader("Retry-After", "0")
            .withHeader("x-fal-request-id", "gw-1"));

    assertThat(fails(fal.config()).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void triesAnUnreachableHostAFewTimesAndSaysThatNothingWasAccepted() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    FalConfig config = fal.config().with(FalHosts.allAt(URI.create("http://127.0.0.1:" + port)));

    FalException failure = fails(config);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("nothing was accepted")
        .hasMessageContaining("http://127.0.0.1:" + port);
    assertThat(time.pauses).hasSize(5);
  }

  @Test
  void givesUpAtTheDeadlineHoweverManyTriesAreLeft() {
    answers(aResponse().withStatus(429).withHeader("Retry-After", "60"));

    FalException failure = fails(fal.config().withDeadline(Duration.ofSeconds(150)));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(fal.submits()).isEqualTo(3);
  }

  @Test
  void sendsNothingWithoutAKeyAndNamesTheVariables() {
    for (FalCredentials credentials :
        new FalCredentials[] {
          FalCredentials.fromEnvironment(name -> null),
          FalCredentials.fromEnvironment(name -> name.equals("FAL_KEY") ? "  " : "pair"),
          FalCredentials.of("two\r\nlines")
        }) {
      FalException failure = fails(fal.config().with(credentials));

      assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
      assertThat(failure)
          .hasMessageContaining("FAL_KEY_ID")
          .hasMessageContaining("nothing was sent")
          .message()
          .doesNotContain("lines");
    }
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void usesThePairWhereThereIsNoKey() {
    fal.accepts(FalServer.FLUX_DEV, "r1");
    FalCredentials pair =
        FalCredentials.fromEnvironment(
            name ->
                switch (name) {
                  case "FAL_KEY_ID" -> "id";
                  case "FAL_KEY_SECRET" -> "secret";
                  default -> null;
                });

    submit(fal.config().with(pair));

    assertThat(fal.wire.getAllServeEvents().get(0).getRequest().getHeader("Authorization"))
        .isEqualTo("Key id:secret");
  }
}
