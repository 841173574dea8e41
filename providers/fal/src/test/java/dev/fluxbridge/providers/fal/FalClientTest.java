package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FalClientTest {
  private static final FalHandle R1 = FalHandle.of(EndpointId.parse("fal-ai/flux/dev"), "r1");
  private static final String STATUS = "/fal-ai/flux/requests/r1/status";
  private static final String RESULT = "/fal-ai/flux/requests/r1";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(fal.config(), time.effects());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private FalResult await() {
    return client.await(R1, Progress.NONE);
  }

  private FalException failsToAwait() {
    return catchThrowableOfType(FalException.class, this::await);
  }

  private void first(String path, ResponseDefinitionBuilder answer, String then) {
    fal.wire.stubFor(
        get(urlPathEqualTo(path))
            .inScenario("first " + path)
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(answer)
            .willSetStateTo("then"));
    fal.wire.stubFor(
        get(urlPathEqualTo(path))
            .inScenario("first " + path)
            .whenScenarioStateIs("then")
            .willReturn(okJson(then)));
  }

  @Test
  void goesOnWithARequestThatWasWrittenDown() {
    fal.completes("r1").results("r1", okJson("{\"a\":1}").withHeader("X-Fal-Billable-Units", "2"));

    FalResult result = await();

    assertThat(result.json()).isEqualTo("{\"a\":1}");
    assertThat(result.billableUnits()).contains(new BigDecimal("2"));
    fal.wire.verify(1, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @Test
  void usesTheAddressesThatFalGaveWhileTheyAreOnItsHost() {
    URI given = URI.create(fal.base() + "/elsewhere/requests/r1/response");
    fal.wire.stubFor(
        get(urlPathEqualTo("/elsewhere/requests/r1/response")).willReturn(okJson("{\"a\":2}")));

    FalResult result =
        client.result(
            new FalHandle(
                R1.endpoint(), "r1", Optional.empty(), Optional.of(given), Optional.empty()));

    assertThat(result.json()).isEqualTo("{\"a\":2}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/fal-ai/flux/requests/r1",
        "https://localhost/fal-ai/flux/requests/r1",
        "http://localhost:1/fal-ai/flux/requests/r1",
        "http://localhost.evil.example/",
        "file:///etc/passwd",
        "relative"
      })
  void rebuildsAddressesThatLeadElsewhereBecauseTheKeyGoesAlong(String elsewhere) {
    fal.results("r1", okJson("{\"a\":3}"));

    FalResult result =
        client.result(
            new FalHandle(
                R1.endpoint(),
                "r1",
                Optional.empty(),
                Optional.of(URI.create(elsewhere)),
                Optional.empty()));

    assertThat(result.json()).isEqualTo("{\"a\":3}");
  }

  @Test
  void readsAStatusWithFieldsMissingUnknownOrOfTheWrongKind() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\",\"queue_position\":\"three\",\"new\":[1]}");
    assertThat(client.status(R1).state()).isEqualTo(FalStatus.State.IN_QUEUE);
    assertThat(client.status(R1).queuePosition()).isEmpty();

    fal.reports("r1", "{\"status\":\"PAUSED_FOR_LUNCH\"}");
    assertThat(client.status(R1).state()).isEqualTo(FalStatus.State.UNKNOWN);

    fal.reports("r1", "{}");
    assertThat(client.status(R1).state()).isEqualTo(FalStatus.State.UNKNOWN);

    fal.reports(
        "r1",
        """
        {"status":"COMPLETED","metrics":{"inference_time":1.5},"error":"e","error_type":"t"}""");
    assertThat(client.status(R1))
        .isEqualTo(
            new FalStatus(
                FalStatus.State.COMPLETED,
                OptionalInt.empty(),
                Optional.of(Duration.ofMillis(1500)),
                Optional.of("e"),
                Optional.of("t"),
                List.of()));
  }

  @ParameterizedTest
  @CsvSource({"429", "500", "502", "503", "504", "408"})
  void looksAgainWhenALookFailsForTheMoment(int status) {
    ResponseDefinitionBuilder failing =
        aResponse().withStatus(status).withHeader("x-fal-request-id", "look-1");
    first(STATUS, failing, "{\"status\":\"COMPLETED\"}");
    fal.results("r1", okJson("{}"));

    await();

    fal.wire.verify(2, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @Test
  void looksAgainWhenTheConnectionBreaks() {
    first(
        STATUS,
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        "{\"status\":\"COMPLETED\"}");
    first(RESULT, aResponse().withFault(Fault.EMPTY_RESPONSE), "{\"a\":4}");

    assertThat(await().json()).isEqualTo("{\"a\":4}");
  }

  @Test
  void asksAgainForAResultThatIsSaidToBeInProgress() {
    fal.completes("r1");
    first(
        RESULT,
        aResponse().withStatus(400).withBody("{\"detail\":\"Request is still in progress\"}"),
        "{\"a\":5}");

    assertThat(await().json()).isEqualTo("{\"a\":5}");
  }

  @Test
  void addsToTheFailureOfAResultWhatItsStatusSaid() {
    fal.reports(
            "r1",
            """
            {"status":"COMPLETED","error":"runner went away","error_type":"runner_disconnected"}""")
        .results(
            "r1",
            aResponse()
                .withStatus(503)
                .withBody("{\"detail\":\"no runner\"}")
                .withHeader("x-fal-request-id", "gateway-9"));

    FalException failure = failsToAwait();

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.requestId()).contains("r1");
    assertThat(failure)
        .hasMessageContaining("no runner")
        .hasMessageContaining("runner_disconnected: runner went away");
    fal.wire.verify(1, getRequestedFor(urlPathEqualTo(RESULT)));
  }

  @Test
  void believesFalsOwnFailureOfAResultAfterSomeTries() {
    fal.completes("r1").results("r1", aResponse().withStatus(503).withBody("{\"detail\":\"x\"}"));

    assertThat(failsToAwait().reason()).isEqualTo(Reason.UNAVAILABLE);
    fal.wire.verify(6, getRequestedFor(urlPathEqualTo(RESULT)));
  }

  @Test
  void asksAGatewayForAResultUntilTheDeadline() {
    fal.completes("r1").results("r1", aResponse().withStatus(503).withBody("<html>nginx</html>"));

    assertThat(failsToAwait().reason()).isEqualTo(Reason.UNAVAILABLE);
    Duration waited = time.pauses.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>captive portal</html>", "", "[1]", "{\"a\":", "null"})
  void callsAReplyThatIsNoJsonObjectABadOne(String body) {
    fal.completes("r1").results("r1", aResponse().withBody(body));

    FalException failure = failsToAwait();

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure.requestId()).contains("r1");
    assertThat(failure.rawBody()).isEqualTo(body);
    assertThat(failure).message().doesNotContain("captive");

    fal.wire.stubFor(get(urlPathEqualTo(STATUS)).willReturn(aResponse().withBody(body)));
    assertThat(failsToAwait().reason()).isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void stopsAtTheDeadlineAndTellsFal() {
    fal.reports("r1", "{\"status\":\"IN_PROGRESS\"}").letsCancel();
    FalConfig config = fal.config().withDeadline(Duration.ofSeconds(30));
    try (FalClient hasty = new FalClient(config, time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> hasty.await(R1, Progress.NONE));

      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure.requestId()).contains("r1");
      assertThat(failure)
          .hasMessageContaining("PT30S, and it is IN_PROGRESS")
          .hasMessageContaining("asked to stop: r1");
    }
    assertThat(fal.cancels("r1")).isEqualTo(1);
    Duration waited = time.pauses.stream().reduce(Duration.ZERO, Duration::plus);
    assertThat(waited).isBetween(Duration.ofSeconds(26), Duration.ofSeconds(30));
    assertThat(time.pauses.get(0)).isEqualTo(Duration.ofMillis(300));
    assertThat(time.pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(3)) <= 0);
  }

  @Test
  void leavesARequestRunningWhereItIsConfiguredSo() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\"}");
    FalConfig config = fal.config().withDeadline(Duration.ofSeconds(1)).withCancelOnGivingUp(false);
    try (FalClient patient = new FalClient(config, time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> patient.await(R1, Progress.NONE));

      assertThat(failure).hasMessageContaining("still running at fal: r1");
    }
    assertThat(fal.cancels("r1")).isZero();
  }

  @Test
  void tellsFalToStopWhenItsCallerIsInterruptedWhileALookIsUnderWay() throws Exception {
    fal.letsCancel();
    fal.wire.stubFor(get(urlPathEqualTo(STATUS)).willReturn(okJson("{}").withFixedDelay(20_000)));
    CountDownLatch asked = new CountDownLatch(1);
    fal.onRequest = asked::countDown;
    AtomicReference<@Nullable FalException> seen = new AtomicReference<>();
    AtomicBoolean flag = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              seen.set(failsToAwait());
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(15_000);

    FalException failure = Objects.requireNonNull(seen.get());
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure.requestId()).contains("r1");
    assertThat(flag).isTrue();
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void tellsFalToStopWhenItsCallerIsInterruptedBetweenTwoLooks() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\",\"queue_position\":1}").letsCancel();
    Progress interrupting =
        new Progress() {
          @Override
          public void queued(int ahead) {
            Thread.currentThread().interrupt();
          }
        };

    FalException failure =
        catchThrowableOfType(FalException.class, () -> client.await(R1, interrupting));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void keepsTheFailureWhenEvenTheCancelFails() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\"}");
    fal.wire.stubFor(put(urlPathMatching("/.*")).willReturn(aResponse().withStatus(500)));
    FalConfig config = fal.config().withDeadline(Duration.ofSeconds(1));
    try (FalClient hasty = new FalClient(config, time.effects())) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> hasty.await(R1, Progress.NONE));

      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure.getSuppressed()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "202 | {\"status\":\"CANCELLATION_REQUESTED\"} | REQUESTED",
        "200 | {\"success\":true}                      | REQUESTED",
        "400 | {\"status\":\"ALREADY_COMPLETED\"}      | ALREADY_COMPLETED",
        "404 | {\"status\":\"NOT_FOUND\"}              | NOT_FOUND"
      })
  void tellsWhatCameOfACancel(int status, String body, FalCancel outcome) {
    fal.wire.stubFor(
        put(urlPathEqualTo("/fal-ai/flux/requests/r1/cancel"))
            .willReturn(aResponse().withStatus(status).withBody(body)));

    assertThat(client.cancel(R1)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"detail\":\"what?\"}               | INVALID",
        "400 | {\"status\":\"SOMETHING_NEW\"}       | INVALID",
        "401 | {\"status\":\"ALREADY_COMPLETED\"}   | REFUSED"
      })
  void takesNoOtherRefusalForTheOutcomeOfACancel(int status, String body, Reason reason) {
    fal.wire.stubFor(
        put(urlPathEqualTo("/fal-ai/flux/requests/r1/cancel"))
            .willReturn(aResponse().withStatus(status).withBody(body)));

    FalException failure = catchThrowableOfType(FalException.class, () -> client.cancel(R1));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.requestId()).contains("r1");
  }

  @Test
  void submitsWaitsAndFetchesInOneCall() {
    fal.accepts("/workflows/me/flow", "w1")
        .reports("w1", "{\"status\":\"IN_PROGRESS\"}", "{\"status\":\"COMPLETED\"}")
        .results("w1", okJson("{\"b\":1}"));

    FalResult result = client.subscribe(EndpointId.parse("workflows/me/flow"), "{}", Progress.NONE);

    assertThat(result.json()).isEqualTo("{\"b\":1}");
    fal.wire.verify(getRequestedFor(urlPathEqualTo("/workflows/me/flow/requests/w1/status")));
  }

  @Test
  void readsAVeryLongText() {
    String picture = "x".repeat(30_000_000);
    fal.completes("r1").results("r1", okJson("{\"url\":\"" + picture + "\"}"));

    assertThat(await().json()).hasSize(picture.length() + 10);
  }
}
