package dev.fluxbridge.pipelines;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fidelity ledger: what becomes of every old argument, on every road that is installed. It is
 * the same data that draws the notes and refusals, so a program may ask before it calls.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class Ledger {
  private static final String EVERY_ROAD = "*";

  private final List<LedgerRow> rows;

  private Ledger(List<LedgerRow> rows) {
    this.rows = rows;
  }

  /** The rows of the facades and of the backends that are installed there. */
  public static Ledger of(Fluxbridge fluxbridge) {
    return new Ledger(
        Stream.concat(FacadeLedger.rows().stream(), fluxbridge.ledger().stream()).toList());
  }

  /** All rows: first those about every road, then backend by backend. */
  public List<LedgerRow> rows() {
    return rows;
  }

  /** The rows of one backend, in the order of the old call. */
  public List<LedgerRow> rowsOf(String backend) {
    return rows.stream().filter(row -> row.backend().equals(backend)).toList();
  }

  /**
   * What may become of an argument: a row for each case, those of the facade first.
   *
   * @param argument its old name, in snake case
   * @param backend the backend's name
   */
  public List<LedgerRow> rowsOf(Pipeline pipeline, String argument, String backend) {
    return rows.stream()
        .filter(row -> row.pipelines().contains(pipeline))
        .filter(row -> row.arguments().contains(argument))
        .filter(row -> row.backend().equals(backend) || row.backend().equals(EVERY_ROAD))
        .toList();
  }
}
