package dev.fluxbridge.providers;

import java.util.List;

/**
 * A row of the ledger says that a backend does not make such a call. Nothing was sent. Its reason
 * is {@link BackendException.Reason#UNSUPPORTED}.
 */
public final class RefusedArgumentException extends BackendException {
  private static final long serialVersionUID = 1L;

  private final transient LedgerRow row;
  private final String text;

  /**
   * A refusal.
   *
   * @param row what says so
   * @param text the argument, the row's code and what to do; holds no prompt
   */
  public RefusedArgumentException(LedgerRow row, String text) {
    super(Reason.UNSUPPORTED, text);
    this.row = row;
    this.text = text;
  }

  /** What says so. */
  public LedgerRow row() {
    return row;
  }

  /** The same, and the roads that take the argument. */
  public RefusedArgumentException naming(List<String> roads) {
    if (roads.isEmpty()) {
      return this;
    }
    RefusedArgumentException more =
        new RefusedArgumentException(
            row, text + "; on this road it is taken: " + String.join(", ", roads));
    more.setStackTrace(getStackTrace());
    return more;
  }
}
