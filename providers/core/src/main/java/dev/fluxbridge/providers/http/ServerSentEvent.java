package dev.fluxbridge.providers.http;

import java.time.Duration;
import java.util.Optional;

/**
 * One event of an {@link EventStream}. Immutable.
 *
 * <p>Source: the WHATWG HTML standard, server-sent events.
 *
 * @param type what the stream calls it; {@code message} where it says nothing
 * @param data its lines, joined by line feeds
 * @param id the last id that the stream told, here or before
 * @param retry the pause before a new connection that the stream last asked for
 */
public record ServerSentEvent(
    String type, String data, Optional<String> id, Optional<Duration> retry) {

  /** Tells the size of the data, which may hold a prompt or a picture, and nothing of it. */
  @Override
  public String toString() {
    return "ServerSentEvent[" + type + ", " + data.length() + " characters]";
  }
}
