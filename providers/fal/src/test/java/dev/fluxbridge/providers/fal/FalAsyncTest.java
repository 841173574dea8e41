package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.http.Effects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The verbs whose caller does not wait. */
@Timeout(60)
class FalAsyncTest {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");
  private static final FalHandle R1 = FalHandle.of(ENDPOINT, "r1");
  private static final String STATUS = "/fal-ai/flux/requests/r1/status";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(fal.config(), time.effects());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  /** Time in which no alarm ever goes off, so that a wait stays a wait. */
  private static Effects stillTime() {
    return new Effects(
        () -> 0L, pause -> {}, (pause, task) -> new CompletableFuture<Void>(), new Random(1));
  }

  private static FalException failure(CompletableFuture<?> future) {
    Throwable failure = catchThrowable(() -> future.get(20, TimeUnit.SECONDS));
    assertThat(failure).isInstanceOf(ExecutionException.class);
    if (failure.getCause() instanceof FalException known) {
      return known;
    }
    throw new AssertionError(failure);
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void doesEachVerbOfTheQueue() throws Exception {
    fal.accepts(FalServer.FLUX_DEV, "r1")
        .reports("r1", "{\"status\":\"IN_PROGRESS\"}")
        .results("r1", okJson("{\"a\":1}"))
        .letsCancel();

    FalHandle handle = client.submitAsync(ENDPOINT, "{}", FalOptions.NONE).get();

    assertThat(handle.requestId()).isEqualTo("r1");
    assertThat(client.statusAsync(handle).get().state()).isEqualTo(FalStatus.State.IN_PROGRESS);
    assertThat(client.resultAsync(handle).get().json()).isEqualTo("{\"a\":1}");
    assertThat(client.cancelAsync(handle).get()).isEqualTo(FalCancel.REQUESTED);
  }

  @Test
  void submitsWaitsAndFetchesAndTellsItsWatcher() throws Exception {
    fal.accepts(FalServer.FLUX_DEV, "r1")
        .reports(
            "r1",
            "{\"status\":\"IN_QUEUE\",\"queue_position\":2}",
            "{\"status\":\"IN_PROGRESS\"}",
            "{\"status\":\"COMPLETED\"}")
        .results("r1", okJson("{\"a\":1}"));
    List<String> told = new ArrayList<>();
    Progress watching =
        new Progress() {
          @Override
          public void accepted(String backend, String requestId) {
            told.add("accepted " + requestId);
          }

          @Override
          public void queued(int ahead) {
            told.add("queued " + ahead);
          }

          @Override
          public void started() {
            told.add("started");
          }
        };

    FalResult result = client.subscribeAsync(ENDPOINT, "{}", FalOptions.NONE, watching).get();

    assertThat(result.json()).isEqualTo("{\"a\":1}");
    assertThat(told).containsExactly("accepted r1", "queued 2", "started");
  }

  @Test
  void failsWithTheExceptionOfTheWaitingForm() {
    fal.reports("r1", "{\"status\":\"COMPLETED\",\"error\":\"bad\",\"error_type\":\"bad_request\"}")
        .results("r1", okJson("{\"detail\":\"no\"}").withStatus(422));

    FalException failure = failure(client.awaitAsync(R1, Progress.NONE));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure.requestId()).contains("r1");
    assertThat(failure).hasMessageContaining("bad_request: bad");
  }

  @Test
  void endsWithWhatItsWatcherThrows() {
    fal.reports("r1", "{\"status\":\"IN_PROGRESS\"}").letsCancel();
    Progress throwing =
        new Progress() {
          @Override
          public void started() {
            throw new IllegalStateException("a watcher's own");
          }
        };

    assertThat(catchThrowable(() -> client.awaitAsync(R1, throwing).get()))
        .hasRootCauseMessage("a watcher's own");
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void stopsWaitingAndTellsFalWhenItsFutureIsCancelled() throws Exception {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\"}").letsCancel();
    CountDownLatch asked = new CountDownLatch(1);
    fal.onRequest = asked::countDown;
    try (FalClient still = new FalClient(fal.config(), stillTime())) {
      CompletableFuture<FalResult> waiting = still.awaitAsync(R1, Progress.NONE);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      waiting.cancel(true);

      eventually(() -> fal.cancels("r1") == 1);
    }
  }

  @Test
  void stopsWhenItsFutureRunsOutOfTheCallersTime() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\"}").letsCancel();
    try (FalClient still = new FalClient(fal.config(), stillTime())) {
      CompletableFuture<FalResult> waiting =
          still.awaitAsync(R1, Progress.NONE).orTimeout(50, TimeUnit.MILLISECONDS);

      assertThat(catchThrowable(waiting::join)).hasCauseInstanceOf(TimeoutException.class);
      eventually(() -> fal.cancels("r1") == 1);
    }
  }

  @Test
  void leavesTheRequestRunningWhereItIsConfiguredSo() {
    CountDownLatch asked = new CountDownLatch(1);
    fal.wire.stubFor(get(urlPathEqualTo(STATUS)).willReturn(okJson("{}").withFixedDelay(20_000)));
    fal.letsCancel();
    fal.onRequest = asked::countDown;
    FalConfig config = fal.config().withCancelOnGivingUp(false);
    try (FalClient patient = new FalClient(config, time.effects())) {
      CompletableFuture<FalResult> waiting = patient.awaitAsync(R1, Progress.NONE);
      eventually(() -> asked.getCount() == 0);
      waiting.cancel(true);
    }
    assertThat(fal.cancels("r1")).isZero();
  }

  @Test
  void letsASubmitFinishWhoseFutureIsCancelledAndTakesTheRequestBack() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    fal.wire.stubFor(
        post(urlPathEqualTo(FalServer.FLUX_DEV))
            .willReturn(okJson(fal.accepted(FalServer.FLUX_DEV, "r1")).withFixedDelay(300)));
    fal.letsCancel();
    fal.onRequest = asked::countDown;

    CompletableFuture<FalHandle> submitting = client.submitAsync(ENDPOINT, "{}", FalOptions.NONE);
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    submitting.cancel(true);

    eventually(() -> fal.cancels("r1") == 1);
    assertThat(fal.submits()).isEqualTo(1);
  }

  @Test
  void endsWhatStillWaitsWhenTheClientIsClosedAndTellsFalNothing() {
    fal.reports("r1", "{\"status\":\"IN_QUEUE\"}").letsCancel();
    CountDownLatch asked = new CountDownLatch(1);
    fal.onRequest = asked::countDown;
    FalClient closing = new FalClient(fal.config(), stillTime());
    CompletableFuture<FalResult> waiting = closing.awaitAsync(R1, Progress.NONE);
    eventually(() -> asked.getCount() == 0);
    closing.close();

    FalException failure = failure(waiting);
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure.requestId()).contains("r1");
    assertThat(failure)
        .hasMessageContaining("client was closed")
        .hasMessageContaining("still running at fal: r1");
    assertThat(fal.cancels("r1")).isZero();
    assertThat(failure(closing.statusAsync(R1)).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void keepsNoThreadForARequestThatWaits() throws Exception {
    int jobs = 200;
    fal.wire.stubFor(
        get(urlPathMatching("/.*/status")).willReturn(okJson("{\"status\":\"IN_PROGRESS\"}")));
    FalConfig quick =
        fal.config()
            .withCancelOnGivingUp(false)
            .with(new FalPolling(Duration.ofMillis(50), Duration.ofMillis(200)));
    List<CompletableFuture<FalResult>> waiting = new ArrayList<>();
    CountDownLatch started = new CountDownLatch(jobs);
    Progress watching =
        new Progress() {
          @Override
          public void started() {
            started.countDown();
          }
        };
    try (FalClient many = new FalClient(quick)) {
      for (int i = 0; i < jobs; i++) {
        waiting.add(many.awaitAsync(FalHandle.of(ENDPOINT, "job-" + i), watching));
      }
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

      assertThat(waiting).as("all of them still wait").noneMatch(CompletableFuture::isDone);
      assertThat(ours()).hasSizeLessThanOrEqualTo(16);
    }
    eventually(() -> waiting.stream().allMatch(CompletableFuture::isDone));
  }

  /** Threads of the client and of what it is built on; a server's are not among them. */
  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(
            name ->
                name.startsWith("fluxbridge")
                    || name.startsWith("OkHttp")
                    || name.startsWith("Okio"))
        .toList();
  }
}
