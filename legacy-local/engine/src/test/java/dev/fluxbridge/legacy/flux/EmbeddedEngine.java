package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;

/** One engine over the embedded checkpoint for all tests that only draw with it. */
final class EmbeddedEngine {
  static final FluxEngine ENGINE = FluxEngine.load(EmbeddedCheckpoint.folder());

  private EmbeddedEngine() {}
}
