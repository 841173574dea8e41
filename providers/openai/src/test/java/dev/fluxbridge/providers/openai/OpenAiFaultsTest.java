package dev.fluxbridge.providers.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Timeouts;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may have been accepted is sent once; what certainly was not is tried again. */
class OpenAiFaultsTest {
  private static final ImageRequest TEXT = Requests.exact().build();
  private static final ImageRequest EDIT =
      Requests.of(Pipeline.INPAINT).edit(Requests.inpaint(64, 64)).build();

  private final OpenAiServer openAi = new OpenAiServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    openAi.close();
  }

  private BackendException failure(ImageRequest request) {
    return failure(openAi.config(), request);
  }

  private BackendException failure(OpenAiConfig config, ImageRequest request) {
    try (OpenAiImageBackend backend = new OpenAiImageBackend(config, time.effects())) {
      return catchThrowableOfType(
          BackendException.class, () -> backend.generate(request, Progress.NONE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_value, INVALID",
    "400, moderation_blocked, REFUSED",
    "400, billing_hard_limit_reached, REFUSED",
    "401, invalid_api_key, REFUSED",
    "403, unsupported_country_region_territory, REFUSED",
    "404, model_not_found, UNSUPPORTED",
    "408, timeout, AMBIGUOUS",
    "413, too_large, INVALID",
    "422, unprocessable, INVALID",
    "429, insufficient_quota, REFUSED",
    "500, server_error, AMBIGUOUS",
    "502, bad_gateway, AMBIGUOUS",
    "503, overloaded, UNAVAILABLE",
    "504, gateway_timeout, AMBIGUOUS",
    "302, moved, BAD_REPLY"
  })
  void everyOtherRefusalIsAskedForOnceAndTellsTheRequest(int status, String code, Reason reason) {
    openAi.answers(OpenAiServer.refuses(status, code, "it says why").build());
    for (ImageRequest request : List.of(TEXT, EDIT)) {
      openAi.requests.clear();
      BackendException failure = failure(request);

      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure.requestId()).contains(OpenAiServer.REQUEST_ID);
      assertThat(failure).hasMessageContaining(status + " (" + code + ")");
      assertThat(openAi.requests).hasSize(1);
    }
  }

  @Test
  void tooManyRequestsWereNotAcceptedAndAreSentAgainWhenOpenAiSays() {
    MockResponse busy =
        OpenAiServer.refuses(429, "rate_limit_exceeded", "slow down")
            .addHeader("Retry-After", "7")
            .build();
    MockResponse drawn =
        OpenAiServer.says(200, OpenAiServer.reply(OpenAiServer.png(1024, 1024), 1)).build();
    openAi.answers(List.of(busy, busy, drawn));
    try (OpenAiImageBackend backend = new OpenAiImageBackend(openAi.config(), time.effects())) {
      assertThat(backend.generate(TEXT).images()).hasSize(1);
    }
    assertThat(openAi.requests).hasSize(3);
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }

  @Test
  void tooManyRequestsForTooLongEndAsUnavailable() {
    openAi.answers(OpenAiServer.refuses(429, "rate_limit_exceeded", "slow down").build());
    assertThat(failure(EDIT).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(openAi.requests).hasSize(3);
  }

  @Test
  void whereNobodyListensItIsTriedAgainBecauseNothingWasSent() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    OpenAiConfig config =
        openAi.config().withBaseUrl(URI.create("http://localhost:" + nobody + "/v1"));
    BackendException failure = failure(config, TEXT);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("was not sent");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void aConnectionThatBreaksAfterTheRequestIsNeverAskedAgain() {
    openAi.answers(
        new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    for (ImageRequest request : List.of(TEXT, EDIT)) {
      openAi.requests.clear();
      BackendException failure = failure(request);

      assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
      assertThat(failure).hasMessageContaining("was not sent again");
      assertThat(openAi.requests).hasSize(1);
    }
  }

  @Test
  void aConnectionThatWasKeptAndDiesIsNotAReasonToSendABilledRequestAgain() {
    MockResponse drawn =
        OpenAiServer.says(200, OpenAiServer.reply(OpenAiServer.png(1024, 1024), 1)).build();
    openAi.answers(
        List.of(
            drawn,
            new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build(),
            drawn));
    BackendException failure =
        failure(Requests.exact().prompts(Prompt.of("a"), Prompt.of("b"), Prompt.of("c")).build());

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure)
        .hasMessageContaining(
            "1 pictures of this call were drawn and billed before, and are lost: req_1");
    assertThat(openAi.requests).hasSize(2);
  }

  @Test
  void halfAnAnswerIsAmbiguousAndTellsTheRequest() {
    openAi.answers(
        OpenAiServer.says(200, OpenAiServer.reply(OpenAiServer.png(1024, 1024), 1))
            .onResponseBody(new SocketEffect.CloseSocket())
            .build());
    BackendException failure = failure(TEXT);

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(failure.requestId()).contains(OpenAiServer.REQUEST_ID);
    assertThat(openAi.requests).hasSize(1);
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsAmbiguousAndAskedForOnce() {
    openAi.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    OpenAiConfig hasty =
        openAi
            .config()
            .with(
                new Timeouts(
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1)));
    for (ImageRequest request : List.of(TEXT, EDIT)) {
      openAi.requests.clear();
      assertThat(failure(hasty, request).reason()).isEqualTo(Reason.AMBIGUOUS);
      assertThat(openAi.requests).hasSize(1);
    }
  }

  @Test
  void theDeadlineOfTheCallEndsARequestUnderWay() {
    openAi.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
    BackendException failure = failure(openAi.config().withDeadline(Duration.ofMillis(150)), TEXT);

    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
    assertThat(openAi.requests).hasSize(1);
  }

  @Test
  void whatHasNoTimeToBeTriedAgainIsNotAndTheErrorTellsWhatWasPaid() {
    MockResponse drawn =
        OpenAiServer.says(200, OpenAiServer.reply(OpenAiServer.png(1024, 1024), 1)).build();
    MockResponse busy = OpenAiServer.refuses(429, "rate_limit_exceeded", "slow down").build();
    openAi.answers(List.of(drawn, busy, drawn));
    ImageRequest two = Requests.exact().prompts(Prompt.of("a"), Prompt.of("b")).build();
    BackendException failure = failure(openAi.config().withDeadline(Duration.ofMillis(900)), two);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("drawn and billed before, and are lost: req_1");
    assertThat(openAi.requests).hasSize(2);
  }

  @Test
  void aCallWithoutTimeIsNotSent() {
    try (OpenAiImageBackend backend =
        new OpenAiImageBackend(openAi.config().withDeadline(Duration.ofNanos(1)))) {
      BackendException failure =
          catchThrowableOfType(BackendException.class, () -> backend.generate(TEXT));
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    }
    assertThat(openAi.requests).isEmpty();
  }

  @Test
  void aMaskWithoutItsPictureIsRefusedAndNotIgnored() {
    Edit alone =
        new Edit(
            Optional.empty(),
            Optional.of(Images.of(Requests.leftHalf(8, 8))),
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.empty(),
            1024 * 1024,
            true);
    assertThat(failure(Requests.of(Pipeline.FLEX).edit(alone).build()).reason())
        .isEqualTo(Reason.INVALID);
    assertThat(openAi.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "\"no\"",
        "<html>hello</html>",
        "{\"created\": 1}",
        "{\"created\": 1, \"data\": []}",
        "{\"created\": 1, \"data\": 7}",
        "{\"created\": 1, \"data\": [{}]}",
        "{\"created\": 1, \"data\": [{\"url\": \"https://example.com/a.png\"}]}",
        "{\"created\": 1, \"data\": [{\"b64_json\": 5}]}",
        "{\"created\": 1, \"data\": [{\"b64_json\": \"!\"}]}",
        "{\"created\": 1, \"data\": [{\"b64_json\": \"aGVsbG8=\"}]}",
        "{\"created\": 1, \"data\": [{\"b64_json\": \"iVBORw0KGgo=\"}]}"
      })
  void anAnswerThatMakesNoSenseIsABadReplyThatTellsTheRequest(String body) {
    openAi.answers(OpenAiServer.says(200, body).build());
    BackendException failure = failure(TEXT);

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure.requestId()).contains(OpenAiServer.REQUEST_ID);
    assertThat(openAi.requests).hasSize(1);
  }

  @Test
  void aPictureLargerThanThePolicyIsRefusedUndecoded() {
    byte[] large = OpenAiServer.png(2000, 1000);
    openAi.answers(OpenAiServer.says(200, OpenAiServer.reply(large, 1)).build());
    OpenAiConfig small = openAi.config().with(MediaPolicy.DEFAULT.withMaxPixels(1024 * 1024));
    assertThat(failure(small, TEXT))
        .hasMessageContaining("2000 x 1000 pixels")
        .extracting(BackendException::reason)
        .isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void anAnswerLongerThanThePolicyIsCutOff() {
    openAi.answers(OpenAiServer.says(200, "x".repeat(2 << 20)).build());
    OpenAiConfig small = openAi.config().with(MediaPolicy.DEFAULT.withMaxBytes(1000));
    assertThat(failure(small, TEXT))
        .hasMessageContaining("longer than MediaPolicy lets in")
        .extracting(BackendException::reason)
        .isEqualTo(Reason.BAD_REPLY);
  }

  @Test
  void anInterruptedThreadSendsNothingAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    BackendException failure = failure(TEXT);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(openAi.requests).isEmpty();
  }

  @Test
  void anInterruptEndsARequestUnderWayAtOnce() throws InterruptedException {
    CountDownLatch arrived = new CountDownLatch(1);
    openAi.answers(
        request -> {
          arrived.countDown();
          return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
        });
    BackendException[] failure = new BackendException[1];
    Thread caller = new Thread(() -> failure[0] = failure(TEXT));
    caller.start();
    assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(5_000);

    assertThat(failure[0].reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure[0]).hasMessageContaining("may have been drawn and billed");
    assertThat(openAi.requests).hasSize(1);
  }
}
