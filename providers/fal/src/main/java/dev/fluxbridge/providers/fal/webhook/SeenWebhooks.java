package dev.fluxbridge.providers.fal.webhook;

import java.time.Instant;

/**
 * Remembers which requests' webhooks came already. fal delivers at least once, and whoever listens
 * in may send a genuine webhook again.
 *
 * <p>{@link SeenInMemory} does for one server; several servers need a store that they share, for
 * example a table with the id as its key. Must be safe for use by several threads.
 */
public interface SeenWebhooks {

  /**
   * Notes a request, in one step with the look whether it is there.
   *
   * @param requestId at most 200 characters, signed by fal
   * @param until the moment from which it may be forgotten
   * @return whether it was not there before
   */
  boolean note(String requestId, Instant until);

  /**
   * Takes a request back, because what came could not be dealt with and fal shall deliver it again.
   */
  void forget(String requestId);
}
