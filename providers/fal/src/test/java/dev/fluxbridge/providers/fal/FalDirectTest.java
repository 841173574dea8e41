package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Timeouts;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct calls: no queue, no second chance. */
@Timeout(60)
class FalDirectTest {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");
  private static final String PATH = "/fal-ai/flux/dev";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(fal.config(), time.effects());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private void answers(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(post(urlPathEqualTo(PATH)).willReturn(answer));
  }

  private FalException fails() {
    return catchThrowableOfType(FalException.class, () -> client.run(ENDPOINT, "{}"));
  }

  @Test
  void answersWithTheOutputAndWhatCameAlong() {
    answers(
        okJson("{\"a\":1}")
            .withHeader("x-fal-request-id", "run-1")
            .withHeader("X-Fal-Billable-Units", "0.5")
            .withHeader("x-fal-runner-hints", "h1,h2"));

    FalOutput output = client.run(ENDPOINT, "{\"prompt\":\"x\"}");

    assertThat(output.json()).isEqualTo("{\"a\":1}");
    assertThat(output.mediaType()).isEqualTo("application/json");
    assertThat(output.requestId()).contains("run-1");
    assertThat(output.billableUnits()).contains(new BigDecimal("0.5"));
    assertThat(output.headers().first("X-Fal-Runner-Hints")).contains("h1,h2");
    assertThat(output.toString()).contains("run-1").doesNotContain("\"a\"");
    fal.wire.verify(
        postRequestedFor(urlPathEqualTo(PATH))
            .withHeader("Authorization", equalTo("Key " + FalServer.KEY))
            .withRequestBody(equalTo("{\"prompt\":\"x\"}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/octet-stream"})
  void handsOverWhatIsNoJson(String type) {
    answers(aResponse().withHeader("Content-Type", type).withBody(new byte[] {1, 2, 3}));

    assertThat(client.run(ENDPOINT, "{}").body()).containsExactly(1, 2, 3);
  }

  @Test
  void sendsTheOptionsOfADirectCall() {
    answers(okJson("{}"));

    client.run(ENDPOINT, "{}", FalOptions.NONE.withStartTimeout(Duration.ofSeconds(30)));

    fal.wire.verify(
        postRequestedFor(urlPathEqualTo(PATH)).withHeader("X-Fal-Request-Timeout", equalTo("30")));
  }

  @Test
  void putsTheInputOfAGetIntoTheAddress() {
    fal.wire.stubFor(get(urlPathEqualTo(PATH)).willReturn(okJson("[1]")));

    FalOutput output =
        client.get(ENDPOINT, "{\"a b\":\"x&y=ü\",\"n\":1.5,\"yes\":true}", FalOptions.NONE);

    assertThat(output.json()).isEqualTo("[1]");
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo(PATH))
            .withQueryParam("a b", equalTo("x&y=ü"))
            .withQueryParam("n", equalTo("1.5"))
            .withQueryParam("yes", equalTo("true"))
            .withHeader("Content-Type", absent()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1]}", "{\"a\":{}}", "{\"a\":null}", "[]", "no"})
  void refusesAnInputThatCannotStandInAnAddress(String input) {
    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> client.get(ENDPOINT, input, FalOptions.NONE));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure).hasMessageContaining("nothing was sent");
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void waitsOneTwoFourSecondsWhenTooManyCallsRunAtOnce() {
    ResponseDefinitionBuilder tooMany =
        aResponse()
            .withStatus(429)
            .withHeader("X-Fal-Needs-Retry", "1")
            .withHeader("x-fal-request-id", "run-1")
            .withBody("{\"detail\":\"busy\",\"error_type\":\"concurrent_requests_limit\"}");
    for (int i = 0; i < 3; i++) {
      fal.wire.stubFor(
          post(urlPathEqualTo(PATH))
              .inScenario("busy")
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "busy " + i)
              .willReturn(tooMany)
              .willSetStateTo("busy " + (i + 1)));
    }
    fal.wire.stubFor(
        post(urlPathEqualTo(PATH))
            .inScenario("busy")
            .whenScenarioStateIs("busy 3")
            .willReturn(okJson("{}")));

    client.run(ENDPOINT, "{}");

    assertThat(time.pauses).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(time.pauses.get(i).toMillis()).isBetween(750L * (1 << i), 1250L * (1 << i));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "CONNECTION_RESET_BY_PEER",
        "EMPTY_RESPONSE",
        "MALFORMED_RESPONSE_CHUNK",
        "RANDOM_DATA_THEN_CLOSE"
      })
  void isNotSentAgainWhenTheConnectionBreaks(Fault fault) {
    answers(aResponse().withFault(fault));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure).hasMessageContaining("its result is lost");
    assertThat(fal.submits()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 504})
  void isNotSentAgainWhenFalItselfFails(int status) {
    answers(
        aResponse()
            .withStatus(status)
            .withHeader("x-fal-request-id", "run-1")
            .withBody("{\"detail\":\"broken\"}"));

    assertThat(fails().requestId()).contains("run-1");
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void saysSoWhenItsOwnLimitForTheStartRanOut() {
    answers(aResponse().withStatus(504).withHeader("X-Fal-Request-Timeout-Type", "user"));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure.userTimeout()).isTrue();
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void callsJsonThatIsNoneABadReply() {
    answers(okJson("{\"a\":").withHeader("x-fal-request-id", "run-1"));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure.requestId()).contains("run-1");
  }

  @Test
  void waitsLongerThanOneExchangeOfTheQueueMayBeSilent() {
    Timeouts hasty =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofMillis(100));
    answers(okJson("{}").withFixedDelay(400));
    try (FalClient impatient = new FalClient(fal.config().with(hasty), time.effects())) {
      assertThat(impatient.run(ENDPOINT, "{}").json()).isEqualTo("{}");
    }
  }

  @Test
  void isCutOffWhenItsFutureIsCancelledBecauseNoIdWouldBringItsResult() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> serving =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  asked.countDown();
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException reset) {
                  // gone all the same
                }
                gone.countDown();
              });
      URI there = URI.create("http://127.0.0.1:" + server.getLocalPort());
      FalConfig config = fal.config().with(FalHosts.allAt(there));
      try (FalClient other = new FalClient(config, time.effects())) {
        CompletableFuture<FalOutput> running = other.runAsync(ENDPOINT, "{}", FalOptions.NONE);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        running.cancel(true);

        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
      }
      serving.get(20, TimeUnit.SECONDS);
    }
  }
}
