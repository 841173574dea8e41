package dev.fluxbridge.providers.fal;

/**
 * Hears what a realtime endpoint says, on one thread of the client at a time, which it must not
 * keep long: nothing further is read meanwhile.
 */
public interface FalRealtimeListener {
  /** A result. */
  void message(FalMessage message);

  /**
   * Something went wrong: an error that the endpoint tells, a connection that broke or could not be
   * made. The next message that is sent opens a new connection where there is none.
   */
  void problem(FalException problem);

  /** A connection ended, after its problem if it had one. */
  default void disconnected() {
    // the next message opens another
  }
}
