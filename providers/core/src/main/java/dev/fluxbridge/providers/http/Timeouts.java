package dev.fluxbridge.providers.http;

import java.time.Duration;

/**
 * How long one exchange may take. All positive.
 *
 * @param connect until a connection to one address stands, TLS included
 * @param read between two pieces of the answer, and until the first one
 * @param write between two pieces of the request
 * @param whole from the first look-up to the last byte
 */
public record Timeouts(Duration connect, Duration read, Duration write, Duration whole) {

  /** 10 s to connect, a minute of silence, five minutes in all. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5));

  /**
   * @throws IllegalArgumentException if one of them is not positive
   */
  public Timeouts {
    for (Duration limit : new Duration[] {connect, read, write, whole}) {
      if (limit.isZero() || limit.isNegative()) {
        throw new IllegalArgumentException("a timeout must be longer than nothing");
      }
    }
  }
}
