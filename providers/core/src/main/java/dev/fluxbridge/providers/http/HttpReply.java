package dev.fluxbridge.providers.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
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
   * How long the server asks to be left alone: {@code Retry-After} in seconds or as a date. A date
   * is read against the answer's own {@code Date}, because clocks differ; without one it is
   * ignored.
   */
  public Optional<Duration> retryAfter() {
    Optional<String> asked = headers.first("Retry-After").map(String::strip);
    Optional<Duration> seconds =
        asked
            .filter(value -> value.matches("\\d{1,6}"))
            .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    return seconds.or(() -> asked.flatMap(HttpReply::date).flatMap(this::sinceItsDate));
  }

  private Optional<Duration> sinceItsDate(Instant then) {
    return headers
        .first("Date")
        .flatMap(HttpReply::date)
        .map(now -> Duration.between(now, then))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())));
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }

  /** Status and size, never the body. */
  @Override
  public String toString() {
    return status + " " + headers + " of " + body.length + (truncated ? "+" : "") + " bytes";
  }
}
