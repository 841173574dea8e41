package dev.fluxbridge.golden;

import java.nio.file.Path;
import java.util.Optional;

/** The system properties that a test run is steered with, asked anew each time. Stateless. */
final class GoldenSettings {
  private GoldenSettings() {}

  static Path store() {
    return Path.of(System.getProperty("golden.store", "src/test/goldens"));
  }

  static Path report() {
    return Path.of(System.getProperty("golden.report", "target/golden-report"));
  }

  static boolean prompts() {
    return flag("golden.prompts", true);
  }

  /** Whether a run that ends writes its report. */
  static boolean html() {
    return flag("golden.html", true);
  }

  /** Whether goldens that no test asks for fail their class. */
  static boolean obsoleteFails() {
    String value = System.getProperty("golden.obsolete", "tell");
    if (!value.equals("tell") && !value.equals("fail")) {
      throw new GoldenException(
          "-Dgolden.obsolete is 'tell' or 'fail' but is '%s'".formatted(value));
    }
    return value.equals("fail");
  }

  /** Whether this golden is to be written: all are, or those whose name or class holds the text. */
  static boolean approves(Place place) {
    String value = System.getProperty("golden.approve", "false").strip();
    if (value.equals("false")) {
      return false;
    }
    String full = place.testClass() + "#" + place.name();
    return value.isEmpty() || value.equals("true") || full.contains(value);
  }

  /** How often to run what draws, where a golden is to be learned; empty where it is not. */
  static Optional<Integer> learningRuns() {
    return Optional.ofNullable(System.getProperty("golden.learn"))
        .map(value -> positive("golden.learn", value));
  }

  static long megabytes(String property, int otherwise) {
    return positive(property, System.getProperty(property, String.valueOf(otherwise)));
  }

  private static int positive(String property, String value) {
    try {
      int number = Integer.parseInt(value.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // told below
    }
    throw new GoldenException(
        "-D%s is a whole number above 0 but is '%s'".formatted(property, value));
  }

  private static boolean flag(String property, boolean otherwise) {
    String value = System.getProperty(property, String.valueOf(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw new GoldenException("-D%s is 'true' or 'false' but is '%s'".formatted(property, value));
    }
    return value.equals("true");
  }
}
