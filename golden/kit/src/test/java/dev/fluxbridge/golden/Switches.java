package dev.fluxbridge.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** System properties as a test needs them, put back when it is done. */
final class Switches implements AutoCloseable {
  private record Was(String name, @Nullable String value) {}

  private final List<Was> before = new ArrayList<>();

  Switches(Map<String, String> values) {
    values.forEach(this::set);
  }

  static void during(Map<String, String> values, Runnable run) {
    Switches switches = new Switches(values);
    try {
      run.run();
    } finally {
      switches.close();
    }
  }

  Switches set(String name, String value) {
    before.add(0, new Was(name, System.getProperty(name)));
    System.setProperty(name, value);
    return this;
  }

  @Override
  public void close() {
    for (Was was : before) {
      if (was.value() == null) {
        System.clearProperty(was.name());
      } else {
        System.setProperty(was.name(), was.value());
      }
    }
  }
}
