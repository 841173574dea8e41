package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How a comparison ended; the words of results.ndjson in the order in which people want them. */
enum Outcome {
  ERROR(true),
  FAILED(true),
  MISSING(true),
  OBSOLETE(false),
  WRITTEN(false),
  UNCHANGED(false),
  PASSED(false);

  private final boolean bad;

  Outcome(boolean bad) {
    this.bad = bad;
  }

  /** Whether the test that asked failed by it. */
  boolean bad() {
    return bad;
  }

  @JsonValue
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static Outcome of(String label) {
    return Arrays.stream(values())
        .filter(outcome -> outcome.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is '%s', and this version knows %s"
                        .formatted(label, Arrays.stream(values()).map(Outcome::label).toList())));
  }
}
