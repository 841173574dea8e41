package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the verbs make of a network at its worst, once a request is accepted. */
@Timeout(60)
class FalFaultsTest {
  private static final FalHandle R1 = FalHandle.of(EndpointId.parse("fal-ai/flux/dev"), "r1");
  private static final String STATUS = "/fal-ai/flux/requests/r1/status";
  private static final String RESULT = "/fal-ai/flux/requests/r1";
  private static final String CANCEL = "/fal-ai/flux/requests/r1/cancel";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client =
      new FalClient(fal.config().withDeadline(Duration.ofSeconds(60)), time.effects());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private static void first(
      FalServer fal,
      MappingBuilder one,
      MappingBuilder same,
      ResponseDefinitionBuilder bad,
      ResponseDefinitionBuilder good) {
    fal.wire.stubFor(
        one.inScenario("first")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(bad)
            .willSetStateTo("then"));
    fal.wire.stubFor(same.inScenario("first").whenScenarioStateIs("then").willReturn(good));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void looksAgainAfterAnyFault(Fault fault) {
    first(
        fal,
        get(urlPathEqualTo(STATUS)),
        get(urlPathEqualTo(STATUS)),
        aResponse().withFault(fault),
        okJson("{\"status\":\"IN_PROGRESS\"}"));

    assertThat(client.status(R1).state()).isEqualTo(FalStatus.State.IN_PROGRESS);
    assertThat(time.pauses).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void fetchesAgainAfterAnyFault(Fault fault) {
    first(
        fal,
        get(urlPathEqualTo(RESULT)),
        get(urlPathEqualTo(RESULT)),
        aResponse().withFault(fault),
        okJson("{\"a\":1}"));

    assertThat(client.result(R1).json()).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void cancelsAgainAfterAnyFault(Fault fault) {
    first(
        fal,
        put(urlPathEqualTo(CANCEL)),
        put(urlPathEqualTo(CANCEL)),
        aResponse().withFault(fault),
        aResponse().withStatus(202).withBody("{\"status\":\"CANCELLATION_REQUESTED\"}"));

    assertThat(client.cancel(R1)).isEqualTo(FalCancel.REQUESTED);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void namesTheRequestWhenTheNetworkStaysBroken(Fault fault) {
    fal.wire.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
    List<FalException> failures = new ArrayList<>();
    failures.add(catchThrowableOfType(FalException.class, () -> client.status(R1)));
    failures.add(catchThrowableOfType(FalException.class, () -> client.result(R1)));
    failures.add(catchThrowableOfType(FalException.class, () -> client.cancel(R1)));
    failures.add(catchThrowableOfType(FalException.class, () -> client.await(R1, Progress.NONE)));

    assertThat(failures)
        .allSatisfy(
            failure -> {
              assertThat(failure.requestId()).contains("r1");
              assertThat(failure.reason()).isIn(Reason.UNAVAILABLE, Reason.TIMEOUT);
            });
  }

  @Test
  void readsABodyThatComesInDrops() {
    fal.wire.stubFor(
        get(urlPathEqualTo(RESULT))
            .willReturn(
                okJson("{\"a\":\"" + "x".repeat(2000) + "\"}").withChunkedDribbleDelay(20, 300)));

    assertThat(client.result(R1).json()).hasSize(2008);
  }

  @Test
  void readsHeadersOfTheLargestSizeThatFalAllows() {
    fal.wire.stubFor(
        get(urlPathEqualTo(RESULT))
            .willReturn(
                okJson("{\"a\":1}")
                    .withHeader("x-fal-runner-hints", "h".repeat(7_000))
                    .withHeader("X-Other", "o".repeat(7_000))));

    assertThat(client.result(R1).json()).isEqualTo("{\"a\":1}");
  }

  @Test
  void tellsEachLineOnceThoughTheWindowOfLinesMoves() {
    fal.reports(
            "r1",
            logs("IN_PROGRESS", "{\"message\":\"a\",\"timestamp\":\"1\",\"level\":\"NEW\"}"),
            logs(
                "IN_PROGRESS",
                "{\"message\":\"a\",\"timestamp\":\"1\"},"
                    + "{\"message\":\"b\",\"timestamp\":\"2\",\"labels\":{\"level\":\"INFO\","
                    + "\"source\":\"USER\"}}"),
            logs(
                "COMPLETED",
                "{\"message\":\"b\",\"timestamp\":\"2\"},{\"message\":\"b\",\"timestamp\":\"3\"},"
                    + "7,\"bare\""))
        .results("r1", okJson("{}"));
    List<FalLog> lines = new ArrayList<>();
    FalProgress watching =
        new FalProgress() {
          @Override
          public void logged(FalHandle handle, FalLog line) {
            assertThat(handle).isEqualTo(R1);
            lines.add(line);
          }
        };

    client.await(R1, watching);

    assertThat(lines)
        .containsExactly(
            new FalLog("a", "NEW", "", "1"),
            new FalLog("b", "INFO", "USER", "2"),
            new FalLog("b", "", "", "3"),
            new FalLog("bare", "", "", ""));
    assertThat(lines.toString()).doesNotContain("bare");
  }

  private static String logs(String status, String entries) {
    return "{\"status\":\"" + status + "\",\"logs\":[" + entries + "]}";
  }

  @Test
  void asksForLinesOnlyWhereSomebodyReadsThem() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\",\"logs\":null}");

    assertThat(client.statusWithLogs(R1).logs()).isEmpty();
    client.status(R1);

    assertThat(fal.wire.getAllServeEvents().stream().map(event -> event.getRequest().getUrl()))
        .containsExactlyInAnyOrder(STATUS + "?logs=1", STATUS);
  }

  @Test
  void goesOnThroughAStatusThatItDoesNotKnow() {
    fal.reports("r1", "{\"status\":\"THINKING\"}", "{}", "{\"status\":\"COMPLETED\"}")
        .results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, Progress.NONE).json()).isEqualTo("{\"a\":1}");
  }
}
