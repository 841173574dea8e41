package dev.fluxbridge.golden;

import org.jspecify.annotations.Nullable;

/**
 * A golden, or what is to be held to one, cannot be used: the message says what, where, and what to
 * do. It never means that two pictures differ; that is an {@link AssertionError}.
 */
public final class GoldenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GoldenException(String message) {
    super(message);
  }

  public GoldenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
