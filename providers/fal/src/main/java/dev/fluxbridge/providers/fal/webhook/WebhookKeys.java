package dev.fluxbridge.providers.fal.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.providers.http.Effects;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * fal's public keys, fetched when they are needed and never in a rush. Safe for use by several
 * threads: one fetches, the others wait for what it finds.
 *
 * <p>Source: fal's documentation of webhooks (keys for a day at most); RFC 7517 and RFC 8037 for
 * the form of the key set; RFC 8410 for the twelve bytes before a key.
 */
final class WebhookKeys {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration RENEWED = Duration.ofHours(12);
  private static final Duration AFTER_SUCCESS = Duration.ofMinutes(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final int MOST = 16;
  private static final byte[] BEFORE_KEY = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Source source;
  private final Effects.Ticker ticker;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Known known = new Known(List.of(), 0);
  private boolean asked;
  private long askedAt;
  private Duration pause = AFTER_FAILURE;

  /** Where the key set comes from. */
  interface Source {
    /** Its bytes, or empty if they cannot be had now. */
    Optional<byte[]> fetch();
  }

  /** Some keys and when they came. Two of them are never equal by chance. */
  static final class Known {
    private final List<PublicKey> keys;
    private final long at;

    Known(List<PublicKey> keys, long at) {
      this.keys = List.copyOf(keys);
      this.at = at;
    }

    List<PublicKey> keys() {
      return keys;
    }
  }

  WebhookKeys(Source source, Effects.Ticker ticker) {
    this.source = source;
    this.ticker = ticker;
  }

  /** Keys that are not too old; fetched if there are none, renewed if they are half a day old. */
  Known current() {
    Known now = known;
    if (younger(now, RENEWED)) {
      return now;
    }
    return usable(younger(now, LONGEST) && fetching.isLocked() ? now : newerThan(now));
  }

  /** Other keys than these, if fal has some by now and was not asked a moment ago. */
  Known newerThan(Known tried) {
    fetching.lock();
    try {
      if (known == tried && mayAsk()) {
        asked = true;
        List<PublicKey> found = source.fetch().map(WebhookKeys::read).orElse(List.of());
        // counted from the end of a fetch: a slow server is not asked in one go
        askedAt = ticker.nanos();
        pause = found.isEmpty() ? AFTER_FAILURE : AFTER_SUCCESS;
        if (!found.isEmpty()) {
          known = new Known(found, askedAt);
        }
      }
      return usable(known);
    } finally {
      fetching.unlock();
    }
  }

  private boolean mayAsk() {
    return !asked || ticker.nanos() - askedAt >= pause.toNanos();
  }

  private boolean younger(Known some, Duration limit) {
    return !some.keys.isEmpty() && ticker.nanos() - some.at < limit.toNanos();
  }

  private Known usable(Known some) {
    return younger(some, LONGEST) ? some : new Known(List.of(), 0);
  }

  /** The Ed25519 keys of a key set; whatever else is in it is passed over. */
  static List<PublicKey> read(byte[] json) {
    List<PublicKey> keys = new ArrayList<>();
    try {
      for (JsonNode entry : MAPPER.readTree(json).path("keys")) {
        boolean ed25519 =
            entry.path("kty").asText().equals("OKP")
                && entry.path("crv").asText().equals("Ed25519");
        if (ed25519 && keys.size() < MOST) {
          key(entry.path("x").asText()).ifPresent(keys::add);
        }
      }
    } catch (IOException notJson) {
      return List.of();
    }
    return keys;
  }

  private static Optional<PublicKey> key(String x) {
    try {
      byte[] point = Base64.getUrlDecoder().decode(x);
      if (point.length != 32) {
        return Optional.empty();
      }
      byte[] encoded = new byte[BEFORE_KEY.length + point.length];
      System.arraycopy(BEFORE_KEY, 0, encoded, 0, BEFORE_KEY.length);
      System.arraycopy(point, 0, encoded, BEFORE_KEY.length, point.length);
      return Optional.of(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (IllegalArgumentException | GeneralSecurityException noKey) {
      return Optional.empty();
    }
  }
}
