package dev.fluxbridge.providers.fal.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.fal.webhook.WebhookCheck.Result;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Timeouts;
import dev.fluxbridge.providers.http.Transport;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether a webhook is from fal.
 *
 * <p>It needs no fal key. It fetches fal's public keys when the first webhook comes, keeps them for
 * a day at most, and asks for new ones when a signature fits none, at most once a minute. A webhook
 * that is not genuine is a result and never an exception. Safe for use by several threads; owns
 * connections, so close it.
 *
 * <pre>{@code
 * WebhookCheck check = verifier.verify(headers, body);
 * if (check.genuine()) {
 *   queue.add(check.webhook().orElseThrow()); // quickly: fal waits 15 seconds
 * }
 * response.setStatus(check.result().status());
 * }</pre>
 *
 * <p>Source: fal's documentation of webhooks.
 */
public final class WebhookVerifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookVerifier.class);
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  // fal delivers again for about two hours, each time with a signature of its own
  private static final Duration REMEMBERED = Duration.ofHours(3);
  private static final int LONGEST_KEY_SET = 64 * 1024;
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(8));

  private final WebhookKeys keys;
  private final Optional<SeenWebhooks> seen;
  private final InstantSource clock;
  private final Runnable closing;

  /** A verifier that lets a genuine webhook pass as often as it comes. */
  public WebhookVerifier(FalHosts hosts) {
    this(hosts, Optional.empty());
  }

  /**
   * A verifier that tells a webhook which came before. It is noted as soon as it is found genuine:
   * {@link SeenWebhooks#forget} it if it then cannot be dealt with, before fal is told so.
   */
  public WebhookVerifier(FalHosts hosts, SeenWebhooks seen) {
    this(hosts, Optional.of(seen));
  }

  private WebhookVerifier(FalHosts hosts, Optional<SeenWebhooks> seen) {
    Transport transport = new Transport(TIMEOUTS);
    URI address = keysAt(hosts.rest());
    this.keys = new WebhookKeys(() -> fetch(transport, address), Effects.Ticker.system());
    this.seen = seen;
    this.clock = InstantSource.system();
    this.closing = transport::close;
  }

  WebhookVerifier(WebhookKeys keys, Optional<SeenWebhooks> seen, InstantSource clock) {
    this.keys = keys;
    this.seen = seen;
    this.clock = clock;
    this.closing = () -> {};
  }

  static URI keysAt(URI rest) {
    String base = rest.toString();
    return URI.create((base.endsWith("/") ? base : base + "/").concat(".well-known/jwks.json"));
  }

  static Optional<byte[]> fetch(Transport transport, URI address) {
    try {
      HttpReply reply =
          transport.send(
              HttpRequest.get(address).with("Accept", "application/json"), LONGEST_KEY_SET);
      if (reply.status() == 200 && !reply.truncated()) {
        return Optional.of(reply.body());
      }
      LOG.warn("fal's keys for webhooks could not be fetched: {}", reply.status());
    } catch (HttpException failure) {
      LOG.warn("fal's keys for webhooks could not be fetched: {}", failure.getMessage());
    }
    return Optional.empty();
  }

  /**
   * Checks a webhook.
   *
   * @param headers every header with all its values; names compare without case
   * @param body the bytes as they came: JSON that was read and written again will not do
   */
  public WebhookCheck verify(Map<String, List<String>> headers, byte[] body) {
    HttpHeaders fields = HttpHeaders.NONE;
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        fields = fields.with(header.getKey(), value);
      }
    }
    return verify(fields, body);
  }

  /**
   * Checks a webhook.
   *
   * @param headers every header, in any order; names compare without case
   * @param body the bytes as they came: JSON that was read and written again will not do
   */
  public WebhookCheck verify(HttpHeaders headers, byte[] body) {
    Map<SignedHeader, String> signed = new EnumMap<>(SignedHeader.class);
    for (SignedHeader header : SignedHeader.values()) {
      Optional<Result> problem = header.take(headers, signed);
      if (problem.isPresent()) {
        return WebhookCheck.refused(problem.get());
      }
    }
    // before the keys are looked at: who sends nonsense must not make this server ask fal
    Instant now = clock.instant();
    long age = now.getEpochSecond() - Long.parseLong(value(signed, SignedHeader.TIMESTAMP));
    if (Math.abs(age) > TOLERANCE.toSeconds()) {
      return WebhookCheck.refused(age > 0 ? Result.TOO_OLD : Result.FROM_THE_FUTURE);
    }
    byte[] message = message(signed, body);
    byte[] signature = HexFormat.of().parseHex(value(signed, SignedHeader.SIGNATURE));
    WebhookKeys.Known known = keys.current();
    if (!fits(known, message, signature)) {
      WebhookKeys.Known newer = keys.newerThan(known);
      if (newer.keys().isEmpty()) {
        return WebhookCheck.refused(Result.KEYS_UNAVAILABLE);
      }
      if (newer == known || !fits(newer, message, signature)) {
        return WebhookCheck.refused(Result.SIGNATURE_WRONG);
      }
    }
    return FalWebhook.read(body, value(signed, SignedHeader.REQUEST_ID))
        .map(webhook -> new WebhookCheck(freshness(webhook, now), Optional.of(webhook)))
        .orElseGet(() -> WebhookCheck.refused(Result.UNREADABLE));
  }

  private Result freshness(FalWebhook webhook, Instant now) {
    boolean first =
        seen.map(store -> store.note(webhook.requestId(), now.plus(REMEMBERED))).orElse(true);
    return first ? Result.GENUINE : Result.REPEATED;
  }

  private static String value(Map<SignedHeader, String> signed, SignedHeader header) {
    return signed.getOrDefault(header, "");
  }

  private static byte[] message(Map<SignedHeader, String> signed, byte[] body) {
    return String.join(
            "\n",
            value(signed, SignedHeader.REQUEST_ID),
            value(signed, SignedHeader.USER_ID),
            value(signed, SignedHeader.TIMESTAMP),
            HexFormat.of().formatHex(sha256(body)))
        .getBytes(UTF_8);
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static boolean fits(WebhookKeys.Known known, byte[] message, byte[] signature) {
    return known.keys().stream().anyMatch(key -> fits(key, message, signature));
  }

  private static boolean fits(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException noSignature) {
      return false;
    }
  }

  /** Gives connections and threads back. */
  @Override
  public void close() {
    closing.run();
  }
}
