package dev.fluxbridge.golden.roads;

import dev.fluxbridge.golden.GoldenException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What must stand in no recording, as far as it came by. What is recorded is chosen field by field;
 * this only looks at the outcome once more. Safe for use by several threads.
 */
final class Secrets {
  private static final int SHORTEST = 8;
  private static final Pattern NAME =
      Pattern.compile(".*(KEY|TOKEN|SECRET|PASSW|CREDENTIAL|ORG_ID|PROJECT_ID).*");
  private static final Pattern HEADER =
      Pattern.compile(".*(authorization|cookie|token|secret|api-key|organization|project).*");

  private final Map<String, String> values = new TreeMap<>();

  Secrets(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (NAME.matcher(name).matches()) {
            add(value, "the value of " + name);
          }
        });
  }

  /** A header of a request or a reply. */
  void header(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (HEADER.matcher(lower).matches()) {
      for (String part : value.split("[ ;,=:]+", -1)) {
        add(part, "a part of the header " + lower);
      }
    }
  }

  /** An address that a reply named: its query is a permission. */
  void address(URI address) {
    String query = address.getRawQuery();
    if (query != null) {
      for (String part : query.split("[&=]", -1)) {
        add(part, "a part of the query of an address at " + address.getHost());
      }
    }
  }

  /** A prompt, where these are not to be read. */
  void prompt(String text) {
    add(text, "a prompt");
  }

  private synchronized void add(String value, String what) {
    String stripped = value.strip();
    // Words such as "Bearer" or "Path" stand in any file.
    if (stripped.length() >= SHORTEST && !stripped.matches("[A-Za-z-]{1,14}")) {
      values.put(stripped, what);
    }
  }

  /**
   * Looks through all files.
   *
   * @throws GoldenException if one holds a secret, naming both and no value
   */
  synchronized void requireNoneIn(Map<String, byte[]> files) {
    files.forEach(
        (name, bytes) -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          values.forEach(
              (value, what) -> {
                String searched =
                    new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                if (text.contains(searched)) {
                  throw new GoldenException(
                      "the recording's file %s would hold %s, so nothing was recorded: keep it out of what the test asks for"
                          .formatted(name, what));
                }
              });
        });
  }

  /** Tells nothing. */
  @Override
  public String toString() {
    return "Secrets[hidden]";
  }
}
