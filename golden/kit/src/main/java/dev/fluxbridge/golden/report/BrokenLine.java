package dev.fluxbridge.golden.report;

/** A line that says nothing: its message ends the sentence "line 7 of results.ndjson ...". */
final class BrokenLine extends Exception {
  private static final long serialVersionUID = 1;

  BrokenLine(String message) {
    super(message);
  }
}
