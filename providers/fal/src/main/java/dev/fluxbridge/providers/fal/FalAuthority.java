package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpRequest;
import java.util.Optional;

/**
 * Whether the key goes along with a request: the one place that writes it there. Who asks has made
 * sure that the request goes to a host of fal's.
 */
enum FalAuthority {
  /** It does, unless calls are made without one on purpose. */
  AS_CONFIGURED,
  /** It does, or nothing is sent. */
  NEEDED,
  /** It does where there is one: fal answers without, too, though less often. */
  IF_THERE,
  /** It does not. */
  NEVER;

  private static final String AGENT = "fluxbridge";

  /**
   * The request with the name of this client, and with the key.
   *
   * @throws FalException with {@code REFUSED} if a key is missing or cannot stand in a header, with
   *     {@code UNAVAILABLE} or {@code CANCELLED} if its source fails
   */
  HttpRequest on(HttpRequest request, FalCredentials credentials) {
    HttpRequest named = request.with("User-Agent", AGENT);
    return value(credentials).map(value -> named.with("Authorization", value)).orElse(named);
  }

  private Optional<String> value(FalCredentials credentials) {
    return switch (this) {
      case AS_CONFIGURED -> credentials.authorization();
      case NEEDED -> Optional.of("Key " + credentials.key());
      case IF_THERE -> {
        try {
          yield credentials.authorization();
        } catch (FalException none) {
          yield Optional.empty();
        }
      }
      case NEVER -> Optional.empty();
    };
  }
}
