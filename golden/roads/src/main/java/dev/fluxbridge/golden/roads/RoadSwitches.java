package dev.fluxbridge.golden.roads;

import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.Place;
import java.nio.file.Path;

/** The system properties that recording and replay are steered with, asked anew each time. */
final class RoadSwitches {
  private static final long MEGABYTE = 1 << 20;

  private RoadSwitches() {}

  static Path recordings() {
    return Path.of(System.getProperty("golden.recordings", "src/test/recordings"));
  }

  /** Whether this test records: all do, or those whose name or class holds the text. */
  static boolean live(Place place) {
    String value = System.getProperty("golden.live", "false").strip();
    if (value.equals("false")) {
      return false;
    }
    String full = place.testClass() + "#" + place.name();
    return value.isEmpty() || value.equals("true") || full.contains(value);
  }

  /** Whether recordings hold prompts as they are. */
  static boolean prompts() {
    String value = System.getProperty("golden.prompts", "true").strip();
    if (!value.equals("true") && !value.equals("false")) {
      throw new GoldenException(
          "-Dgolden.prompts is 'true' or 'false' but is '%s'".formatted(value));
    }
    return value.equals("true");
  }

  /** How long a file of a recording may be, in bytes. */
  static long fileLimit() {
    return megabytes("golden.file-megabytes", 4);
  }

  /** How long all of them may be, in bytes. */
  static long recordingLimit() {
    return megabytes("golden.megabytes", 32);
  }

  private static long megabytes(String property, int otherwise) {
    String value = System.getProperty(property, String.valueOf(otherwise)).strip();
    if (!value.matches("[1-9]\\d{0,4}")) {
      throw new GoldenException(
          "-D%s is a whole number above 0 but is '%s'".formatted(property, value));
    }
    return Long.parseLong(value) * MEGABYTE;
  }
}
