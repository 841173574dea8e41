package dev.fluxbridge.golden;

/**
 * A golden, or what is to be held to one, cannot be used: the message says what, where, and what to
 * do. It never means that two pictures differ; that is an {@link AssertionError}.
 */
public final class GoldenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GoldenException(String message) {
    super(message);
  }

  public GoldenException(String message, Throwable cause) {
    super(message, cause);
  }
}
