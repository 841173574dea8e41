package dev.fluxbridge.compat.rollout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An empty store of a test: an SQLite file always, PostgreSQL where it is. */
final class TestStore implements AutoCloseable {
  private final String name;
  private final String url;
  private final Optional<Path> folder;
  private final Optional<String> server;

  private TestStore(String name, String url, Optional<Path> folder, Optional<String> server) {
    this.name = name;
    this.url = url;
    this.folder = folder;
    this.server = server;
  }

  /** One of each kind that there is here. JUnit closes them. */
  static Stream<TestStore> all() {
    List<TestStore> stores = new ArrayList<>(List.of(sqlite()));
    TestPostgres.server().map(TestStore::postgresql).ifPresent(stores::add);
    return stores.stream();
  }

  /** An SQLite file that is not kept from a power cut, which takes most of the time. */
  static TestStore sqlite() {
    try {
      Path folder = Files.createTempDirectory("rollout");
      return new TestStore(
          "SQLite",
          "jdbc:sqlite:" + folder.resolve("state.db") + "?synchronous=OFF",
          Optional.of(folder),
          Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TestStore postgresql(String server) {
    return new TestStore(
        "PostgreSQL", TestPostgres.freshDatabase(server), Optional.empty(), Optional.of(server));
  }

  String url() {
    return url;
  }

  Flags flags(String... keysAndValues) {
    return Flags.of(keysAndValues).with("fluxbridge.state.url", url);
  }

  /** The file, of SQLite. */
  Path file() {
    return folder.orElseThrow().resolve("state.db");
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public void close() {
    server.ifPresent(at -> TestPostgres.drop(at, url));
    folder.ifPresent(TestStore::delete);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
