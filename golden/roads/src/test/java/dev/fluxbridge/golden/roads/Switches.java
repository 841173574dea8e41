package dev.fluxbridge.golden.roads;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** System properties as a test needs them, put back when it is done. */
final class Switches implements AutoCloseable {
  private record Was(String name, @Nullable String value) {}

  private final List<Was> before = new ArrayList<>();

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
