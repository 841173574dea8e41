package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.LedgerRow;
import java.util.Arrays;
import java.util.List;

/** fal's part of the fidelity ledger. Stateless and safe for use by several threads. */
public final class FalLedger {
  private FalLedger() {}

  /** Every row, in the order of the old call; each has a code of its own. */
  public static List<LedgerRow> rows() {
    return Arrays.stream(Rule.values()).map(Rule::row).toList();
  }

  /** The row of a picture that came in another size than it was asked for. */
  public static LedgerRow sizeReturned() {
    return Rule.SIZE_OTHER.row();
  }
}
