package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call may be given less time, or more, than the configuration gives. */
@Timeout(30)
class FalDeadlineTest {
  private static final EndpointId MODEL = EndpointId.parse("fal-ai/flux/dev");
  private static final String PENDING = "{\"status\":\"IN_PROGRESS\"}";

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();

  @AfterEach
  void stop() {
    fal.close();
  }

  private FalClient client(Duration deadline) {
    return new FalClient(fal.config().withDeadline(deadline), time.effects());
  }

  private static FalOptions within(int seconds) {
    return FalOptions.NONE.withDeadline(Duration.ofSeconds(seconds));
  }

  private long waited() {
    return time.pauses.stream().mapToLong(Duration::toMillis).sum();
  }

  @Test
  void aSubscribeIsGivenUpAfterItsOwnTimeAndFalIsToldToStop() {
    fal.accepts(FalServer.FLUX_DEV, "r1").reports("r1", PENDING).letsCancel();

    try (FalClient client = client(Duration.ofMinutes(10))) {
      FalException failure =
          catchThrowableOfType(
              FalException.class, () -> client.subscribe(MODEL, "{}", within(5), Progress.NONE));

      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure.requestId()).contains("r1");
      assertThat(failure).hasMessageContaining("within PT5S");
    }
    assertThat(waited()).isLessThan(5_000);
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void aSubscribeMayTakeLongerThanTheConfigurationSays() {
    String[] looks = new String[40];
    java.util.Arrays.fill(looks, PENDING);
    looks[39] = "{\"status\":\"COMPLETED\"}";
    fal.accepts(FalServer.FLUX_DEV, "r1").reports("r1", looks).results("r1", okJson("{}"));

    try (FalClient client = client(Duration.ofSeconds(5))) {
      assertThat(client.subscribe(MODEL, "{}", within(600), Progress.NONE).json()).isEqualTo("{}");
    }
    assertThat(waited()).isGreaterThan(5_000);
  }

  @Test
  void theTriesOfASubmitAndTheirPausesCount() {
    fal.wire.stubFor(
        any(anyUrl())
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "4").withBody("{}")));

    try (FalClient client = client(Duration.ofMinutes(10))) {
      assertThatThrownBy(() -> client.submit(MODEL, "{}", within(9)))
          .isInstanceOf(FalException.class);
    }
    assertThat(fal.submits()).as("at once, after 4 and after 8 seconds").isEqualTo(3);
  }

  @Test
  void nothingFurtherIsSubmittedWhenTheTimeIsUp() {
    fal.acceptsInTurn(FalServer.FLUX_DEV, "r1", "r2").letsCancel();
    fal.onRequest = () -> time.passes(Duration.ofMinutes(11));

    try (FalClient client = client(Duration.ofMinutes(10))) {
      List<FalClient.Input> two =
          List.of(new FalClient.Input(MODEL, "{}"), new FalClient.Input(MODEL, "{}"));
      FalException failure =
          catchThrowableOfType(
              FalException.class, () -> client.subscribeAll(two, Progress.NONE, client.deadline()));

      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure)
          .hasMessageContaining("no time is left for the submit")
          .hasMessageContaining("asked to stop: r1");
    }
    assertThat(fal.submits()).isEqualTo(1);
    assertThat(fal.cancels("r1")).isEqualTo(1);
  }

  @Test
  void aResumedWaitHasATimeOfItsOwn() {
    fal.reports("r1", PENDING).letsCancel();
    FalHandle handle = FalHandle.of(MODEL, "r1");

    try (FalClient client = client(Duration.ofMinutes(10))) {
      assertThatThrownBy(() -> client.await(handle, Progress.NONE, Duration.ofSeconds(3)))
          .isInstanceOf(FalException.class)
          .hasMessageContaining("within PT3S");
      assertThat(client.awaitAsync(handle, Progress.NONE, Duration.ofSeconds(3)))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withMessageContaining("within PT3S");
    }
  }

  @Test
  void aDirectCallMayBeSilentForLongerThanTheConfigurationSays() {
    fal.wire.stubFor(any(anyUrl()).willReturn(okJson("{\"a\":1}").withFixedDelay(700)));

    try (FalClient client = new FalClient(fal.config().withDeadline(Duration.ofMillis(200)))) {
      assertThat(client.run(MODEL, "{}", within(20)).json()).isEqualTo("{\"a\":1}");
      assertThatThrownBy(() -> client.run(MODEL, "{}"))
          .isInstanceOfSatisfying(
              FalException.class, late -> assertThat(late.reason()).isEqualTo(Reason.AMBIGUOUS));
    }
  }

  @Test
  void isNotSentAndIsTold() {
    assertThat(within(5)).hasToString("FalOptions[deadline of PT5S]").isEqualTo(within(5));
    assertThat(within(5)).isNotEqualTo(within(6)).isNotEqualTo(FalOptions.NONE);
    assertThat(within(5).withRunnerHint("warm").deadline()).contains(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 20L * 24 * 3600 + 1})
  void isAboveNothingAndAtMostTwentyDays(long seconds) {
    assertThatThrownBy(() -> FalOptions.NONE.withDeadline(Duration.ofSeconds(seconds)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline");
    assertThatThrownBy(() -> fal.config().withDeadline(Duration.ofSeconds(seconds)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
