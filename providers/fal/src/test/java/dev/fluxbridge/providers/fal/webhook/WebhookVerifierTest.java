package dev.fluxbridge.providers.fal.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.fal.webhook.FalWebhook.Status;
import dev.fluxbridge.providers.fal.webhook.WebhookCheck.Result;
import dev.fluxbridge.providers.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String TIME = String.valueOf(NOW.getEpochSecond());
  private static final byte[] BODY =
      """
      {"request_id":"r-1","gateway_request_id":"g-2","status":"OK",
       "payload":{"images":[{"url":"https://v3.fal.media/x.png"}],"seed":0.10000000000000000555,"n":1.50}}"""
          .getBytes(UTF_8);

  private final Signer fal = new Signer();
  private final AtomicInteger fetches = new AtomicInteger();
  private Instant clock = NOW;
  private long nanos;
  private Optional<String> published = Optional.of(Signer.jwks(fal));
  private final WebhookKeys keys =
      new WebhookKeys(
          () -> {
            fetches.incrementAndGet();
            return published.map(text -> text.getBytes(UTF_8));
          },
          () -> nanos);
  private final WebhookVerifier verifier = new WebhookVerifier(keys, Optional.empty(), () -> clock);
  private final HttpHeaders headers = fal.headers("r-1", "github|42", TIME, BODY);

  private Result result(HttpHeaders some, byte[] body) {
    return verifier.verify(some, body).result();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    clock = clock.plus(time);
  }

  /** A genuine webhook of now. */
  private Result fresh(Signer signer) {
    String time = String.valueOf(clock.getEpochSecond());
    return result(signer.headers("r-1", "u", time, BODY), BODY);
  }

  @Test
  void believesWhatFalSigned() {
    WebhookCheck check = verifier.verify(headers, BODY);

    assertThat(check.genuine()).isTrue();
    assertThat(check.result().status()).isEqualTo(200);
    FalWebhook webhook = check.webhook().orElseThrow();
    assertThat(webhook.requestId()).isEqualTo("r-1");
    assertThat(webhook.gatewayRequestId()).contains("g-2");
    assertThat(webhook.status()).isEqualTo(Status.OK);
    assertThat(webhook.payload())
        .as("digits as they came")
        .contains(
            "{\"images\":[{\"url\":\"https://v3.fal.media/x.png\"}],"
                + "\"seed\":0.10000000000000000555,\"n\":1.50}");
    assertThat(webhook.error()).isEmpty();
    assertThat(check.toString()).doesNotContain("fal.media");
  }

  @Test
  void readsAFailureAndAPayloadThatWasNoJson() {
    byte[] failed =
        """
        {"request_id":"r-1","status":"ERROR","payload":{"detail":[{"msg":"no"}]},
         "error":"Invalid status code: 422","payload_error":"not serializable","new":1}"""
            .getBytes(UTF_8);

    FalWebhook webhook =
        verifier.verify(fal.headers("r-1", "u", TIME, failed), failed).webhook().orElseThrow();

    assertThat(webhook.status()).isEqualTo(Status.ERROR);
    assertThat(webhook.payload()).contains("{\"detail\":[{\"msg\":\"no\"}]}");
    assertThat(webhook.error()).contains("Invalid status code: 422");
    assertThat(webhook.payloadError()).contains("not serializable");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"payload\":null}', GENUINE",
    "'[]', UNREADABLE",
    "'', UNREADABLE",
    "x, UNREADABLE"
  })
  void knowsASignedBodyThatItCannotRead(String text, Result expected) {
    byte[] body = text.getBytes(UTF_8);

    WebhookCheck check = verifier.verify(fal.headers("r-9", "u", TIME, body), body);

    assertThat(check.result()).isEqualTo(expected);
    check
        .webhook()
        .ifPresent(
            webhook -> {
              assertThat(webhook.requestId()).as("the signed one").isEqualTo("r-9");
              assertThat(webhook.status()).isEqualTo(Status.UNKNOWN);
              assertThat(webhook.payload()).isEmpty();
            });
  }

  @Test
  void takesHeadersAsServersGiveThemWhateverTheirCase() {
    Map<String, List<String>> map = new HashMap<>();
    headers.fields().forEach(f -> map.put(f.name().toLowerCase(Locale.ROOT), List.of(f.value())));

    assertThat(verifier.verify(map, BODY).genuine()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {Signer.ID, Signer.USER, Signer.TIME, Signer.SIGNATURE})
  void refusesAHeaderThatIsMissingOrBlankOrThereTwice(String name) {
    String value = headers.first(name).orElseThrow();

    assertThat(result(Signer.without(headers, name), BODY)).isEqualTo(Result.HEADER_MISSING);
    assertThat(result(Signer.replacing(headers, name, ""), BODY))
        .isEqualTo(Result.HEADER_MALFORMED);
    assertThat(result(headers.with(name.toLowerCase(Locale.ROOT), value), BODY))
        .isEqualTo(Result.HEADER_REPEATED);
    assertThat(fetches).as("fal is not asked about nonsense").hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Fal-Webhook-Timestamp, 1e9",
    "X-Fal-Webhook-Timestamp, -5",
    "X-Fal-Webhook-Timestamp, 999999999999999999999",
    "X-Fal-Webhook-Timestamp, '１７６３７２６４００'",
    "X-Fal-Webhook-Signature, abc",
    "X-Fal-Webhook-Signature, zz",
    "X-Fal-Webhook-Request-Id, 'r-1\n'",
    "X-Fal-Webhook-Request-Id, 'r 1'",
    "X-Fal-Webhook-User-Id, 'ü'"
  })
  void refusesAHeaderThatDoesNotLookAsItMust(String name, String value) {
    assertThat(result(Signer.replacing(headers, name, value), BODY))
        .isEqualTo(Result.HEADER_MALFORMED);
  }

  @Test
  void doesNotLetALineBreakMoveFromOneHeaderToTheNext() {
    // the same signed text, cut elsewhere
    HttpHeaders forged =
        HttpHeaders.NONE
            .with(Signer.ID, "r-1\ngithub|42")
            .with(Signer.USER, TIME)
            .with(Signer.TIME, TIME)
            .with(Signer.SIGNATURE, headers.first(Signer.SIGNATURE).orElseThrow());

    assertThat(result(forged, BODY)).isEqualTo(Result.HEADER_MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "0, GENUINE",
    "300, GENUINE",
    "301, TOO_OLD",
    "-300, GENUINE",
    "-301, FROM_THE_FUTURE",
    "100000, TOO_OLD"
  })
  void toleratesFiveMinutesEitherWay(long age, Result expected) {
    clock = NOW.plusSeconds(age);

    assertThat(result(headers, BODY)).isEqualTo(expected);
    assertThat(expected == Result.GENUINE ? 1 : 0).isEqualTo(fetches.get());
  }

  @Test
  void triesAllKeys() {
    published = Optional.of(Signer.jwks(new Signer(), new Signer(), fal));

    assertThat(result(headers, BODY)).isEqualTo(Result.GENUINE);
  }

  @Test
  void refusesAStrangersSignature() {
    assertThat(fresh(new Signer())).isEqualTo(Result.SIGNATURE_WRONG);
  }

  @Test
  void fetchesTheKeysOnceForManyWebhooks() {
    for (int i = 0; i < 20; i++) {
      assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
    }

    assertThat(fetches).hasValue(1);
  }

  @Test
  void learnsANewKeyAsSoonAsItMayAsk() {
    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
    Signer next = new Signer();
    published = Optional.of(Signer.jwks(next));

    assertThat(fresh(next)).as("asked a moment ago").isEqualTo(Result.SIGNATURE_WRONG);
    pass(Duration.ofMinutes(1));
    assertThat(fresh(next)).isEqualTo(Result.GENUINE);
    assertThat(fresh(fal)).as("the old key is gone").isEqualTo(Result.SIGNATURE_WRONG);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void asksAtMostOnceAMinuteHoweverManyForgeriesCome() {
    fresh(fal);
    Signer stranger = new Signer();
    for (int second = 0; second < 600; second++) {
      pass(Duration.ofSeconds(1));
      assertThat(fresh(stranger)).isEqualTo(Result.SIGNATURE_WRONG);
    }

    assertThat(fetches).hasValueBetween(10, 11);
  }

  @Test
  void goesOnWithOldKeysForADayWhenTheServerIsDown() {
    fresh(fal);
    published = Optional.empty();

    pass(Duration.ofHours(23));
    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
    assertThat(fresh(new Signer())).isEqualTo(Result.SIGNATURE_WRONG);
    pass(Duration.ofHours(1));
    assertThat(fresh(fal)).as("keys older than a day").isEqualTo(Result.KEYS_UNAVAILABLE);
    published = Optional.of(Signer.jwks(fal));
    pass(Duration.ofSeconds(10));
    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
  }

  @Test
  void renewsKeysAfterHalfADaySoThatARemovedOneIsNotBelievedForLong() {
    fresh(fal);
    published = Optional.of(Signer.jwks(new Signer()));

    pass(Duration.ofHours(12));

    assertThat(fresh(fal)).isEqualTo(Result.SIGNATURE_WRONG);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void cannotTellWithoutKeysAndDoesNotAskInARush() {
    published = Optional.empty();

    for (int i = 0; i < 5; i++) {
      assertThat(fresh(fal)).isEqualTo(Result.KEYS_UNAVAILABLE);
    }
    assertThat(Result.KEYS_UNAVAILABLE.status()).as("fal shall try again").isEqualTo(503);
    assertThat(fetches).hasValue(1);
    pass(Duration.ofSeconds(10));
    published = Optional.of(Signer.jwks(fal));
    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "<html>",
        "{\"keys\":{}}",
        "{\"keys\":[null,1,\"x\",{}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"!!!!\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}"
      })
  void keepsItsKeysWhenGarbageComes(String garbage) {
    fresh(fal);
    published = Optional.of(garbage);
    pass(Duration.ofHours(13));

    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void passesOverKeysThatItDoesNotKnow() {
    published =
        Optional.of(
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"},null,%s]}"
                .formatted(fal.jwk()));

    assertThat(fresh(fal)).isEqualTo(Result.GENUINE);
  }

  @Test
  void tellsAWebhookThatCameBefore() {
    SeenInMemory seen = new SeenInMemory(10, () -> clock);
    WebhookVerifier guarded = new WebhookVerifier(keys, Optional.of(seen), () -> clock);

    assertThat(guarded.verify(headers, BODY).result()).isEqualTo(Result.GENUINE);
    WebhookCheck again = guarded.verify(headers, BODY);
    assertThat(again.result()).isEqualTo(Result.REPEATED);
    assertThat(again.webhook()).isPresent();
    assertThat(again.result().status()).as("fal need not come back").isEqualTo(200);
    seen.forget("r-1");
    assertThat(guarded.verify(headers, BODY).result())
        .as("it could not be dealt with the first time")
        .isEqualTo(Result.GENUINE);
  }

  @Test
  void notesNothingThatIsNotGenuine() {
    SeenInMemory seen = new SeenInMemory(10, () -> clock);
    WebhookVerifier guarded = new WebhookVerifier(keys, Optional.of(seen), () -> clock);

    guarded.verify(new Signer().headers("r-1", "u", TIME, BODY), BODY);

    assertThat(seen.size()).isZero();
  }

  @Test
  void forgetsTheFirstWhenThereIsNoRoomAndTheOldInTime() {
    SeenInMemory seen = new SeenInMemory(2, () -> clock);
    Instant later = NOW.plusSeconds(60);

    assertThat(seen.note("a", later)).isTrue();
    assertThat(seen.note("b", later)).isTrue();
    assertThat(seen.note("b", later)).isFalse();
    assertThat(seen.note("c", later)).isTrue();
    assertThat(seen.size()).isEqualTo(2);
    assertThat(seen.note("a", later)).as("forgotten for want of room").isTrue();
    clock = later;
    assertThat(seen.note("a", later.plusSeconds(60))).as("forgotten in time").isTrue();
    assertThat(seen.size()).isEqualTo(1);
    assertThatThrownBy(() -> new SeenInMemory(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
