package dev.fluxbridge.golden.report;

/**
 * Something that keeps the report from being whole.
 *
 * @param where the file, and the line in it
 * @param what is wrong, and what to do
 */
record Problem(String where, String what) {
  String text() {
    return where + ": " + what;
  }
}
