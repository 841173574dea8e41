package dev.fluxbridge.golden;

import java.util.Locale;

/** How a comparison ended, as it stands in results.ndjson in lower case. */
public enum Status {
  /** Within every limit. */
  PASSED,
  /** Outside of one. */
  FAILED,
  /** There is no golden for where this was drawn. */
  MISSING,
  /** It was approved and is the golden now. */
  WRITTEN,
  /** It was to be approved, and the golden that was there holds for it. */
  UNCHANGED,
  /** The golden, or what was drawn, cannot be used. */
  ERROR,
  /** No test of a class that ran whole asks for this golden any more. */
  OBSOLETE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
