package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.Progress;

/**
 * Watches one call, and the lines that the endpoint writes. Whoever watches with this has fal asked
 * for the lines.
 *
 * <p>In the blocking forms it is called on the calling thread; in the others on one of the client's
 * two threads for that, which it must not keep.
 */
public interface FalProgress extends Progress {

  /**
   * The endpoint wrote a line. Each line comes once, however often fal tells it.
   *
   * @param handle the request
   */
  default void logged(FalHandle handle, FalLog line) {}
}
