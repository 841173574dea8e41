package dev.fluxbridge.legacy.flux;

/**
 * A call was cancelled: its thread was interrupted (the flag stays set), or the engine was closed.
 * Nothing was drawn, and nothing native is left over.
 */
public final class DrawingCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DrawingCancelledException(String message) {
    super(message);
  }
}
