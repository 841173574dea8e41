package dev.fluxbridge.providers.fal;

import java.util.OptionalLong;

/** Watches an upload. Called on the upload's own threads, by one at a time. */
@FunctionalInterface
public interface FalUploadProgress {

  /** Watches nothing. */
  FalUploadProgress NONE = (sent, total) -> {};

  /**
   * Some more bytes have left. What it throws ends the upload and comes out of it.
   *
   * @param sent bytes so far; falls back when some are sent again
   * @param total bytes in all, where that is known
   */
  void sent(long sent, OptionalLong total);
}
