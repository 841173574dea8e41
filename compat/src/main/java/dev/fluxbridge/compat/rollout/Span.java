package dev.fluxbridge.compat.rollout;

import java.time.Duration;
import java.time.Instant;

/** How finely counts are kept, and for how long: windows need seconds, a page needs weeks. */
enum Span {
  /** What windows are made of; kept for two of the longest, and this much more. */
  FINE(Duration.ofSeconds(10), Duration.ofMinutes(10)),
  /** The last two days, for the page. */
  MIDDLE(Duration.ofMinutes(10), Duration.ofHours(50)),
  /** The last month, for the page and the noise floor. */
  COARSE(Duration.ofHours(1), Duration.ofDays(30));

  final Duration length;
  final Duration kept;

  Span(Duration length, Duration kept) {
    this.length = length;
    this.kept = kept;
  }

  /** The start of the slot in which this moment lies, in milliseconds. */
  long slot(Instant at) {
    return at.toEpochMilli() - Math.floorMod(at.toEpochMilli(), length.toMillis());
  }

  long millis() {
    return length.toMillis();
  }
}
