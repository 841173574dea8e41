package dev.fluxbridge.providers.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server answered, whatever the status.
 *
 * @param status the three digits
 * @param headers the fields
 * @param body the bytes, up to the size that the caller allowed; not copied
 * @param truncated whether the body was longer than that
 */
@SuppressWarnings("ArrayRecordComponent") // a reply's bytes, compared by nobody
public record HttpReply(int status, HttpHeaders headers, byte[] body, boolean truncated) {

  /** Whether the status is one of the 200s. */
  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The body as UTF-8, whatever it says it is: every API here speaks JSON. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * How long the server asks to be left alone: {@code Retry-After} in seconds. A date there is
   * ignored, because clocks differ.
   */
  public Optional<Duration> retryAfter() {
    return headers
        .first("Retry-After")
        .map(String::strip)
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  /** Status and size, never the body. */
  @Override
  public String toString() {
    return status + " " + headers + " of " + body.length + (truncated ? "+" : "") + " bytes";
  }
}
