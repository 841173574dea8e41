package dev.fluxbridge.golden;

/**
 * How near a picture is expected to be to its golden when nothing was learned and nothing set by
 * hand.
 */
public enum Closeness {
  /** Drawn in process by the same road, checkpoint, device and libraries: all but the last bits. */
  SAME_STACK,
  /** Drawn by the same provider's endpoint: the same picture, on whichever machine it ran. */
  SAME_ROAD,
  /** Drawn by another road: the same motif in like colours, never the same pixels. */
  OTHER_ROAD;

  /** Between where a golden came from and where a picture came from now. */
  static Closeness of(Origin golden, Origin received) {
    if (!golden.key().equals(received.key())) {
      return OTHER_ROAD;
    }
    return golden.hosted() ? SAME_ROAD : SAME_STACK;
  }
}
