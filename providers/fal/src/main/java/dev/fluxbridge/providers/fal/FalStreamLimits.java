package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.EventStream;
import java.time.Duration;

/**
 * How long and how large a {@link FalStream} may be, besides the deadline of the whole call.
 *
 * @param opening until fal begins to answer, the start of a machine there included
 * @param idle the longest silence after that
 * @param maxEvent bytes of one output; pictures inside of it count
 */
public record FalStreamLimits(Duration opening, Duration idle, int maxEvent) {

  /** Five minutes until it begins, two minutes of silence, 64 MB. */
  public static final FalStreamLimits DEFAULT =
      new FalStreamLimits(Duration.ofMinutes(5), Duration.ofMinutes(2), FalExchange.MAX_ANSWER);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if one of them is not positive or a time is above 20 days
   */
  public FalStreamLimits {
    http(opening, idle, maxEvent);
  }

  EventStream.Limits http() {
    return http(opening, idle, maxEvent);
  }

  private static EventStream.Limits http(Duration opening, Duration idle, int maxEvent) {
    return new EventStream.Limits(opening, idle, maxEvent, FalExchange.MAX_ANSWER);
  }
}
