package dev.fluxbridge.providers.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Duration> pauses = new ArrayList<>();
  private long nanos;
  private int runs;
  private final Effects effects =
      new Effects(() -> nanos, this::pause, RandomGenerator.of("L64X128MixRandom"));
  private final Deadline far = Deadline.in(Duration.ofHours(1), effects);

  private void pause(Duration time) {
    pauses.add(time);
    nanos += time.toNanos();
  }

  private Retry.Outcome<String, IOException> again(@Nullable Duration after) {
    runs++;
    return new Retry.Outcome.Again<>(
        new IOException("failure " + runs), Optional.ofNullable(after));
  }

  @Test
  void givesUpAfterItsTriesWithTheLastFailure() {
    Retry retry = new Retry(4, SECOND, Duration.ofSeconds(3), 0);

    assertThatThrownBy(() -> retry.run(far, effects, () -> again(null))).hasMessage("failure 4");
    assertThat(pauses)
        .as("doubled each time, up to the cap")
        .containsExactly(SECOND, Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  @Test
  void stopsAtTheFirstSuccess() throws Exception {
    Retry retry = new Retry(4, SECOND, SECOND, 0);

    String value =
        retry.run(
            far,
            effects,
            () -> runs < 1 ? again(null) : new Retry.Outcome.Done<String, IOException>("good"));

    assertThat(value).isEqualTo("good");
    assertThat(pauses).containsExactly(SECOND);
  }

  @Test
  void waitsAsLongAsTheServerAsksEvenBeyondTheCap() {
    Retry retry = new Retry(2, SECOND, SECOND, 0);

    assertThatThrownBy(() -> retry.run(far, effects, () -> again(Duration.ofSeconds(30))))
        .isInstanceOf(IOException.class);
    assertThat(pauses).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void doesNotStartAWaitThatWouldEndAfterTheDeadline() {
    Retry retry = new Retry(100, SECOND, Duration.ofSeconds(64), 0);
    Deadline near = Deadline.in(Duration.ofSeconds(5), effects);

    assertThatThrownBy(() -> retry.run(near, effects, () -> again(null))).hasMessage("failure 3");
    assertThat(near.left()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void throwsAtOnceWhatMustNotBeTriedAgain() {
    assertThatThrownBy(
            () ->
                Retry.DEFAULT.run(
                    far,
                    effects,
                    () -> {
                      throw new IOException("final");
                    }))
        .hasMessage("final");
    assertThat(pauses).isEmpty();
  }

  @Test
  void spreadsItsWaitsWithinTheJitter() {
    Retry retry = new Retry(2, SECOND, SECOND, 0.25);

    assertThat(retry.delay(1, 0)).isEqualTo(Duration.ofMillis(750));
    assertThat(retry.delay(1, 0.5)).isEqualTo(SECOND);
    assertThat(retry.delay(1, 1)).isEqualTo(Duration.ofMillis(1250));
    assertThat(retry.delay(5_000, 0.5)).as("doubled beyond all numbers").isEqualTo(SECOND);
  }

  @Test
  void readsRetryAfterInSeconds() {
    assertThat(retryAfter(" 7 ", null)).contains(Duration.ofSeconds(7));
    assertThat(retryAfter("-1", null)).isEmpty();
    assertThat(retryAfter("1.5", null)).isEmpty();
    assertThat(retryAfter("99999999999999999999", null)).isEmpty();
  }

  @Test
  void readsRetryAfterAsADateByTheServersOwnClock() {
    String now = "Wed, 21 Oct 2015 07:28:00 GMT";

    assertThat(retryAfter("Wed, 21 Oct 2015 07:28:30 GMT", now)).contains(Duration.ofSeconds(30));
    assertThat(retryAfter("Wed, 21 Oct 2015 07:27:00 GMT", now)).contains(Duration.ZERO);
    assertThat(retryAfter("Wed, 21 Oct 2015 07:28:30 GMT", null)).isEmpty();
    assertThat(retryAfter("Wed, 21 Oct 2015 07:28:30 GMT", "yesterday")).isEmpty();
    assertThat(retryAfter("tomorrow", now)).isEmpty();
  }

  private static Optional<Duration> retryAfter(String value, @Nullable String date) {
    HttpHeaders headers = HttpHeaders.NONE.with("retry-after", value);
    HttpHeaders all = date == null ? headers : headers.with("date", date);
    return new HttpReply(429, all, new byte[0], false).retryAfter();
  }
}
