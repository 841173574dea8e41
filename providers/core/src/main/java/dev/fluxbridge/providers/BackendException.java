package dev.fluxbridge.providers;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not become a picture. The {@link #reason()} says what a caller can do about it.
 *
 * <p>The message names what happened, where, and what to do, and ends in the place of the migration
 * guide that says more. It never holds a key, a prompt or a picture.
 */
public class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String GUIDE = "migration-guide.md#";

  private final Reason reason;
  private final @Nullable String requestId;

  public BackendException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  public BackendException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, null, cause);
  }

  public BackendException(
      Reason reason, String message, @Nullable String requestId, @Nullable Throwable cause) {
    super(
        message
            + (requestId == null ? "" : " [request " + requestId + "]")
            + " (see "
            + GUIDE
            + reason.anchor()
            + ")",
        cause);
    this.reason = reason;
    this.requestId = requestId;
  }

  /** What a caller can do about it. */
  public Reason reason() {
    return reason;
  }

  /** The provider's id of the call, from the moment that it gave one. */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** Why a call failed, in terms of what to do next. */
  public enum Reason {
    /** The arguments are wrong on every road: correct them. */
    INVALID,
    /** This road cannot do it: choose another, or ask for less. */
    UNSUPPORTED,
    /** The provider said no, and would again: look at key, balance or policy. */
    REFUSED,
    /**
     * Nothing was accepted, or the provider failed for good: try again later, or on another road.
     */
    UNAVAILABLE,
    /** It took longer than allowed. */
    TIMEOUT,
    /** The caller cancelled it. */
    CANCELLED,
    /** It may have been accepted and billed, and nobody knows: look before sending it again. */
    AMBIGUOUS,
    /** The answer makes no sense: report it. */
    BAD_REPLY;

    /** The heading in the guide that says what to do. */
    String anchor() {
      return "error-" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
