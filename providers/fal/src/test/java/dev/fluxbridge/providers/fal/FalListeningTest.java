package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** fal's own telling of where a request stands, and what is done when it fails. */
@Timeout(60)
class FalListeningTest {
  private static final FalHandle R1 = FalHandle.of(EndpointId.parse("fal-ai/flux/dev"), "r1");
  private static final String STATUS = "/fal-ai/flux/requests/r1/status";
  private static final String STREAM = STATUS + "/stream";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client =
      new FalClient(fal.config().with(FalPolling.DEFAULT.withListening(true)), time.effects());
  private final List<String> told = new ArrayList<>();
  private final FalProgress watching =
      new FalProgress() {
        @Override
        public void queued(int ahead) {
          told.add("queued " + ahead);
        }

        @Override
        public void started() {
          told.add("started");
        }

        @Override
        public void logged(FalHandle handle, FalLog line) {
          told.add(line.message());
        }
      };

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private void streams(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(get(urlPathEqualTo(STREAM)).willReturn(answer));
  }

  private static ResponseDefinitionBuilder events(String... data) {
    StringBuilder body = new StringBuilder();
    for (String each : data) {
      body.append("data: ").append(each).append("\n\n");
    }
    return aResponse().withHeader("Content-Type", "text/event-stream").withBody(body.toString());
  }

  @Test
  void hearsEachStepAndFetchesTheResultWithoutAskingOnce() {
    streams(
        events(
            "{\"status\":\"IN_QUEUE\",\"queue_position\":3}",
            "{\"status\":\"IN_PROGRESS\",\"logs\":[{\"message\":\"one\",\"timestamp\":\"1\"}]}",
            "{\"status\":\"COMPLETED\",\"logs\":[{\"message\":\"two\",\"timestamp\":\"2\"}]}"));
    fal.results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, watching).json()).isEqualTo("{\"a\":1}");

    assertThat(told).containsExactly("queued 3", "one", "started", "two");
    fal.wire.verify(0, getRequestedFor(urlPathEqualTo(STATUS)));
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo(STREAM))
            .withQueryParam("logs", equalTo("1"))
            .withHeader("Accept", equalTo("text/event-stream"))
            .withHeader("Authorization", equalTo("Key " + FalServer.KEY)));
  }

  @Test
  void listensToOneRequestAfterTheOther() {
    streams(events("{\"status\":\"COMPLETED\"}"));
    fal.results("r1", okJson("{\"a\":1}"));

    for (int i = 0; i < 5; i++) {
      client.await(R1, Progress.NONE);
    }

    fal.wire.verify(5, getRequestedFor(urlPathEqualTo(STREAM)));
    fal.wire.verify(0, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 500, 503})
  void asksInsteadWhenThereIsNoStream(int status) {
    streams(aResponse().withStatus(status).withBody("{\"detail\":\"no\"}"));
    fal.completes("r1").results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, watching).json()).isEqualTo("{\"a\":1}");
    fal.wire.verify(1, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @Test
  void asksInsteadWhenTheStreamEndsEarly() {
    streams(events("{\"status\":\"IN_PROGRESS\"}"));
    fal.completes("r1").results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, watching).json()).isEqualTo("{\"a\":1}");
    assertThat(told).containsExactly("started");
    fal.wire.verify(1, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK"})
  void asksInsteadWhenTheStreamBreaks(Fault fault) {
    streams(aResponse().withFault(fault));
    fal.completes("r1").results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, watching).json()).isEqualTo("{\"a\":1}");
  }

  @Test
  void skipsAnEventThatMakesNoSense() {
    streams(events("garbage", "[]", "{}", "{\"status\":\"NEW\"}", "{\"status\":\"COMPLETED\"}"));
    fal.results("r1", okJson("{\"a\":1}"));

    assertThat(client.await(R1, watching).json()).isEqualTo("{\"a\":1}");
    fal.wire.verify(0, getRequestedFor(urlPathEqualTo(STATUS)));
  }

  @Test
  void saysWhatTheStreamSaidWhenTheRequestFailed() {
    streams(events("{\"status\":\"COMPLETED\",\"error\":\"gone\",\"error_type\":\"runner_x\"}"));
    fal.results("r1", aResponse().withStatus(500).withBody("{\"detail\":\"broken\"}"));

    FalException failure =
        catchThrowableOfType(FalException.class, () -> client.await(R1, watching));

    assertThat(failure.requestId()).contains("r1");
    assertThat(failure).hasMessageContaining("runner_x: gone");
  }

  @Test
  void endsWithWhatItsWatcherThrows() {
    streams(events("{\"status\":\"IN_PROGRESS\"}"));
    fal.letsCancel();
    Progress throwing =
        new Progress() {
          @Override
          public void started() {
            throw new IllegalStateException("a watcher's own");
          }
        };

    assertThat(catchThrowable(() -> client.await(R1, throwing))).hasMessage("a watcher's own");
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void stopsListeningWhenItsCallerIsInterrupted() {
    streams(events("{\"status\":\"IN_PROGRESS\"}").withFixedDelay(20_000));
    fal.letsCancel();
    Thread caller = Thread.currentThread();
    fal.onRequest =
        () -> {
          if (fal.cancels("r1") == 0) {
            caller.interrupt();
          }
        };

    FalException failure =
        catchThrowableOfType(FalException.class, () -> client.await(R1, watching));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure.requestId()).contains("r1");
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }
}
