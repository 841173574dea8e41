package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.fluxbridge.providers.BackendException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FalStreamTest {
  private static final EndpointId MODEL = EndpointId.parse("fal-ai/any-llm");
  private static final String AT = "/fal-ai/any-llm/stream";
  private static final String INPUT = "{\"prompt\":\"a red fox\"}";

  private final FalServer fal = new FalServer();
  private final FalClient client = new FalClient(fal.config(), new FakeTime().effects());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private void answers(ResponseDefinitionBuilder answer) {
    fal.wire.stubFor(post(urlPathEqualTo(AT)).willReturn(answer));
  }

  private static ResponseDefinitionBuilder events(String... data) {
    StringBuilder body = new StringBuilder(": hello\n\n");
    for (String one : data) {
      body.append("data: ").append(one).append("\n\n");
    }
    return stream(body.toString());
  }

  private static ResponseDefinitionBuilder stream(String body) {
    return aResponse()
        .withHeader("Content-Type", "text/event-stream; charset=utf-8")
        .withHeader("x-fal-request-id", "req-7")
        .withBody(body);
  }

  private FalStream open() {
    return client.stream(MODEL, INPUT, FalOptions.NONE);
  }

  private FalException fails() {
    return catchThrowableOfType(FalException.class, () -> open().result());
  }

  private static List<String> all(FalStream stream) {
    List<String> outputs = new ArrayList<>();
    stream.forEach(outputs::add);
    return outputs;
  }

  @Test
  void givesTheOutputsAsTheyComeAndTheLastAsTheResult() {
    answers(events("{\"output\":\"a\"}", "{\"output\":\"añb🦊\"}"));

    try (FalStream stream = open()) {
      assertThat(all(stream)).containsExactly("{\"output\":\"a\"}", "{\"output\":\"añb🦊\"}");
      assertThat(stream.result()).isEqualTo("{\"output\":\"añb🦊\"}");
      assertThat(stream.requestId()).contains("req-7");
      assertThat(stream.headers().first("X-FAL-Request-Id")).contains("req-7");
    }
  }

  @Test
  void sendsTheInputOnceWithTheKeyAndTheOptions() {
    answers(events("{}"));

    client.stream(MODEL, INPUT, FalOptions.NONE.withRunnerHint("warm")).result();

    fal.wire.verify(
        1,
        postRequestedFor(urlEqualTo(AT))
            .withHeader("Authorization", equalTo("Key " + FalServer.KEY))
            .withHeader("Accept", equalTo("text/event-stream"))
            .withHeader("X-Fal-Runner-Hint", equalTo("warm"))
            .withRequestBody(equalToJson(INPUT)));
  }

  @ParameterizedTest
  @CsvSource({
    "fal-ai/any-llm/stream, /fal-ai/any-llm/stream",
    "fal-ai/any-llm/vision, /fal-ai/any-llm/vision/stream",
    "workflows/me/flow, /workflows/me/flow/stream",
    "fal-ai/stream, /fal-ai/stream",
  })
  void addsTheLastPartOfThePathWhereItIsMissing(String id, String path) {
    fal.wire.stubFor(post(urlPathEqualTo(path)).willReturn(events("{\"a\":1}")));

    assertThat(client.stream(EndpointId.parse(id), "{}", FalOptions.NONE).result())
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void refusesAnInputThatIsNoJsonObjectAndOptionsOfTheQueueBeforeItSends() {
    for (String input : List.of("", "[]", "{", "\"a\"")) {
      assertThatThrownBy(() -> client.stream(MODEL, input, FalOptions.NONE))
          .isInstanceOf(FalException.class)
          .hasMessageContaining("takes a JSON object");
    }
    assertThatThrownBy(() -> client.stream(MODEL, "{}", FalOptions.NONE.withMaxQueueLength(3)))
        .isInstanceOf(FalException.class);
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void takesAnAnswerInOnePieceAsTheOneOutput() {
    answers(aResponse().withHeader("Content-Type", "application/json").withBody("{\"a\":1}"));

    assertThat(all(open())).containsExactly("{\"a\":1}");
  }

  @Test
  void passesOverTheEndMarkOfOtherProtocols() {
    answers(events("{\"a\":1}", "[DONE]"));

    assertThat(open().result()).isEqualTo("{\"a\":1}");
  }

  @Test
  void saysWhatFalSaidInsteadOfStreaming() {
    answers(
        aResponse()
            .withStatus(422)
            .withHeader("x-fal-request-id", "req-8")
            .withBody("{\"detail\":[{\"loc\":[\"body\",\"prompt\"],\"msg\":\"too long\"}]}"));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.INVALID);
    assertThat(failure.requestId()).contains("req-8");
    assertThat(failure).hasMessageContaining("body.prompt: too long");
    fal.wire.verify(1, postRequestedFor(urlEqualTo(AT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"detail\":\"it broke\"}\n\n",
        "data: {\"detail\":\"it broke\",\"error_type\":\"runner_server_error\"}\n\n",
        "event: error\ndata: {\"message\":\"it broke\",\"code\":7}\n\n",
        "event: error\ndata: {\"error\":\"it broke\"}\n\n"
      })
  void tellsAnErrorInTheStreamAfterTheOutputsBeforeIt(String error) {
    answers(stream("data: {\"a\":1}\n\n" + error + "data: {\"a\":2}\n\n"));

    Iterator<String> outputs = open().iterator();

    assertThat(outputs.next()).isEqualTo("{\"a\":1}");
    FalException failure = catchThrowableOfType(FalException.class, outputs::hasNext);
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.requestId()).contains("req-7");
    assertThat(failure)
        .hasMessageContaining("it broke")
        .hasMessageContaining("an error after 1 output");
  }

  @Test
  void takesAnOutputThatHasAFieldOfThatNameForAnOutput() {
    answers(events("{\"output\":\"a\",\"detail\":\"b\",\"error\":null}"));

    assertThat(all(open())).hasSize(1);
  }

  @Test
  void doesNotTakeAnEarlierOutputForTheResultWhenTheLastWasCutOff() {
    answers(stream("data: {\"a\":1}\n\ndata: {\"a\":"));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure)
        .hasMessageContaining("in the middle of an output, after 1 output")
        .hasMessageContaining("may be billed");
  }

  @Test
  void isAmbiguousWhenNothingCameAndWhenTheConnectionBroke() {
    answers(events());
    assertThat(fails().reason()).isEqualTo(Reason.AMBIGUOUS);

    answers(stream("data: {\"a\":1}\n\n").withFault(Fault.MALFORMED_RESPONSE_CHUNK));
    assertThat(fails().reason()).isEqualTo(Reason.AMBIGUOUS);

    answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    FalException reset = fails();
    assertThat(reset.reason()).isEqualTo(Reason.AMBIGUOUS);
    fal.wire.verify(3, postRequestedFor(urlEqualTo(AT)));
  }

  @Test
  void saysThatNothingWasSentWhereThereIsNoConnection() {
    fal.wire.stop();

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("was not sent");
  }

  @Test
  void refusesWhatIsNoJson() {
    answers(events("{\"a\":1}", "a red fox"));

    FalException failure = fails();

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining("no JSON").hasMessageNotContaining("fox");
  }

  @Test
  void endsAtTooLongASilenceAndAtTooLargeAnOutput() {
    answers(events("{\"a\":1}").withChunkedDribbleDelay(2, 4000));
    FalStreamLimits brief = new FalStreamLimits(Duration.ofSeconds(9), Duration.ofMillis(200), 100);
    FalException silent =
        catchThrowableOfType(
            FalException.class, () -> client.stream(MODEL, "{}", FalOptions.NONE, brief).result());
    assertThat(silent.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(silent).hasMessageContaining("was silent").hasMessageContaining("may be billed");
    assertThat(silent.requestId()).contains("req-7");

    answers(events("{\"a\":\"" + "x".repeat(100) + "\"}"));
    FalException large =
        catchThrowableOfType(
            FalException.class, () -> client.stream(MODEL, "{}", FalOptions.NONE, brief).result());
    assertThat(large.reason()).isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void endsAtTheDeadlineOfTheWholeCall() {
    answers(events("{\"a\":1}").withFixedDelay(3000));
    try (FalClient hasty =
        new FalClient(
            fal.config().withDeadline(Duration.ofMillis(200)), new FakeTime().effects())) {
      FalException failure =
          catchThrowableOfType(
              FalException.class, () -> hasty.stream(MODEL, "{}", FalOptions.NONE).result());

      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    }
  }

  @Test
  void isCancelledByAnInterruptOfTheThreadThatWaits() throws Exception {
    answers(events("{\"a\":1}").withFixedDelay(5000));
    AtomicReference<@Nullable FalException> thrown = new AtomicReference<>();
    CountDownLatch asked = new CountDownLatch(1);
    fal.onRequest = asked::countDown;
    Thread waiting =
        new Thread(
            () -> {
              thrown.set(
                  catchThrowableOfType(FalException.class, () -> open().iterator().hasNext()));
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    waiting.start();
    asked.await();
    waiting.interrupt();
    waiting.join(5000);

    assertThat(Objects.requireNonNull(thrown.get()).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void isClosedByCancellingItsFutureAndByItsOwnClose() {
    answers(events("{\"a\":1}").withFixedDelay(5000));
    CompletableFuture<String> future = open().resultAsync();
    assertThat(future.cancel(true)).isTrue();
    assertThat(future).isCancelled();

    FalStream stream = open();
    CompletableFuture<String> closed = stream.resultAsync();
    stream.close();
    assertThatThrownBy(closed::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FalException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
  }

  @Test
  void isEndedWithItsClient() {
    answers(events("{\"a\":1}").withFixedDelay(5000));
    CompletableFuture<String> open = open().resultAsync();
    client.close();

    assertThat(open).failsWithin(Duration.ofSeconds(5));
    assertThatThrownBy(() -> open().result()).isInstanceOf(FalException.class);
  }

  @Test
  void isReadOnce() {
    answers(events("{\"a\":1}"));
    FalStream stream = open();
    assertThat(all(stream)).hasSize(1);

    assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
    Notes second = new Notes();
    stream.subscribe(second);
    assertThat(second.end).isCompletedExceptionally();
    assertThat(stream.result()).isEqualTo("{\"a\":1}");
    fal.wire.verify(1, postRequestedFor(urlEqualTo(AT)));
  }

  /** Writes down what it is told, and asks for nothing. */
  private static final class Notes implements Flow.Subscriber<String> {
    final BlockingQueue<String> outputs = new LinkedBlockingQueue<>();
    final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
    }

    @Override
    public void onNext(String output) {
      outputs.add(output);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.complete(null);
    }
  }

  @Test
  void givesASubscriberNoMoreThanItAsksFor() throws Exception {
    answers(events("1", "2", "3"));
    Notes notes = new Notes();
    open().subscribe(notes);

    assertThat(notes.outputs.poll(100, TimeUnit.MILLISECONDS)).isNull();
    notes.subscription.join().request(2);
    assertThat(notes.outputs.poll(5, TimeUnit.SECONDS)).isEqualTo("1");
    assertThat(notes.outputs.poll(5, TimeUnit.SECONDS)).isEqualTo("2");
    assertThat(notes.outputs.poll(100, TimeUnit.MILLISECONDS)).isNull();
    assertThat(notes.end).isNotDone();
    notes.subscription.join().request(1);
    assertThat(notes.outputs.poll(5, TimeUnit.SECONDS)).isEqualTo("3");
    assertThat(notes.end).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void tellsASubscriberOfAFailureAndOfABadDemand() {
    answers(aResponse().withStatus(403));
    Notes refused = new Notes();
    open().subscribe(refused);
    assertThatThrownBy(() -> refused.end.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(FalException.class);

    answers(events("1").withFixedDelay(5000));
    Notes greedy = new Notes();
    open().subscribe(greedy);
    greedy.subscription.join().request(0);
    assertThatThrownBy(() -> greedy.end.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsASubscriberNothingAfterItCancelled() throws Exception {
    answers(events("1", "2"));
    Notes notes = new Notes();
    FalStream stream = open();
    stream.subscribe(notes);
    notes.subscription.join().request(1);
    assertThat(notes.outputs.poll(5, TimeUnit.SECONDS)).isEqualTo("1");
    notes.subscription.join().cancel();

    assertThat(stream.resultAsync()).failsWithin(Duration.ofSeconds(5));
    assertThat(notes.end).isNotDone();
  }

  @Test
  void showsNoKeyAndNoPrompt() {
    answers(stream("data: {\"detail\":\"who is Key " + FalServer.KEY + "?\"}\n\n"));
    StringWriter trace = new StringWriter();
    fails().printStackTrace(new PrintWriter(trace));

    assertThat(trace.toString()).contains("who is Key").doesNotContain("canary-secret");
    assertThat(open().toString()).doesNotContain("fox");
  }
}
