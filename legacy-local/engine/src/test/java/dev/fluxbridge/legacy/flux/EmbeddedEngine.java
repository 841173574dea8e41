package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;

/** One engine over the embedded checkpoint for all tests that only draw with it. */
final class EmbeddedEngine {
  static final FluxTextToImage ENGINE = FluxTextToImage.load(EmbeddedCheckpoint.folder());

  private EmbeddedEngine() {}
}
