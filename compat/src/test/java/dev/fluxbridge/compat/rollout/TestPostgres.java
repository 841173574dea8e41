package dev.fluxbridge.compat.rollout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL for tests: the one that FLUXBRIDGE_TEST_POSTGRES names, else a throw-away one where
 * its programs are installed, for as long as this JVM lives.
 */
final class TestPostgres {
  private static final String VARIABLE = "FLUXBRIDGE_TEST_POSTGRES";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /** Its JDBC address, with user and password, or empty if there is none here. */
  static Optional<String> server() {
    return Found.SERVER;
  }

  /** Looked for once. */
  private static final class Found {
    static final Optional<String> SERVER =
        Optional.ofNullable(System.getenv(VARIABLE)).or(TestPostgres::started);
  }

  private static Optional<String> started() {
    Path script = Path.of("..", ".ci", "postgres").toAbsolutePath().normalize();
    if (!installed() || !Files.isExecutable(script)) {
      return Optional.empty();
    }
    try {
      // its input ends when this JVM does, however it ends, and then the script stops the server
      Process process =
          new ProcessBuilder(script.toString(), "sh", "-c", "echo \"$" + VARIABLE + "\"; exec cat")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      String url = output.readLine();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
      return Optional.ofNullable(url).filter(line -> !line.isBlank());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(Process process) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).close();
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      process.destroy();
    }
  }

  private static boolean installed() {
    Path debian = Path.of("/usr/lib/postgresql");
    String[] path = String.valueOf(System.getenv("PATH")).split(":", -1);
    return Files.isDirectory(debian)
        || Stream.of(path).anyMatch(folder -> Files.isExecutable(Path.of(folder, "initdb")));
  }

  /** A database of its own on it. */
  static String freshDatabase(String server) {
    String name =
        "test_%d_%d".formatted(ProcessHandle.current().pid(), DATABASES.incrementAndGet());
    administer(server, "CREATE DATABASE " + name);
    return server.replaceFirst("/postgres(?=\\?|$)", "/" + name);
  }

  /** Takes it away from everybody, as a server that is shut down does. */
  static void shut(String server, String database) {
    String name = name(database);
    administer(server, "ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(name));
    administer(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  }

  static void open(String server, String database) {
    administer(server, "ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(name(database)));
  }

  static void drop(String server, String database) {
    administer(server, "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name(database)));
  }

  private static String name(String database) {
    String path = database.substring(0, database.indexOf('?'));
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void administer(String server, String statement) {
    try (Connection connection = DriverManager.getConnection(server);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
