package dev.fluxbridge.compat.rollout;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/** In what SQLite and PostgreSQL differ. */
enum Dialect {
  SQLITE("jdbc:sqlite:", "org.xerial:sqlite-jdbc") {
    @Override
    void defaults(Properties properties, int patienceMillis) {
      // Readers and one writer do not wait for each other, and what was written survives a power
      // cut. A transaction takes the write lock at once: one that began as a reader could not get
      // it later without starting anew.
      properties.setProperty("journal_mode", "WAL");
      properties.setProperty("synchronous", "FULL");
      properties.setProperty("transaction_mode", "IMMEDIATE");
      properties.setProperty("busy_timeout", Integer.toString(patienceMillis));
    }

    @Override
    void lockSchema(Connection connection) {
      // its transactions exclude each other anyway
    }

    @Override
    boolean busy(SQLException failure) {
      int primary = failure.getErrorCode() & 0xff;
      return primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
    }

    @Override
    Optional<Path> file(String url) {
      String name = url.substring(prefix.length());
      int query = name.indexOf('?');
      return Optional.of(Path.of(query < 0 ? name : name.substring(0, query)));
    }
  },

  POSTGRESQL("jdbc:postgresql:", "org.postgresql:postgresql") {
    @Override
    void defaults(Properties properties, int patienceMillis) {
      // a server that hangs must not hold the thread that judges
      properties.setProperty("connectTimeout", "2");
      properties.setProperty("socketTimeout", "5");
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("ApplicationName", "fluxbridge");
      properties.setProperty("options", "-c lock_timeout=" + patienceMillis);
    }

    @Override
    void lockSchema(Connection connection) throws SQLException {
      // CREATE TABLE IF NOT EXISTS fails where two sessions do it at once
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
      }
    }

    @Override
    boolean busy(SQLException failure) {
      return LOCK_NOT_AVAILABLE.equals(failure.getSQLState());
    }

    @Override
    Optional<Path> file(String url) {
      return Optional.empty();
    }
  };

  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_LOCKED = 6;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** "fluxbrdg" as a number: any would do that nobody else uses. */
  private static final long SCHEMA_LOCK = 0x666c757862726467L;

  final String prefix;
  final String artifact;

  Dialect(String prefix, String artifact) {
    this.prefix = prefix;
    this.artifact = artifact;
  }

  /**
   * Sets what the address does not.
   *
   * @param patienceMillis how long to wait for a lock
   */
  abstract void defaults(Properties properties, int patienceMillis);

  /** Keeps others from making the tables until this transaction ends. */
  abstract void lockSchema(Connection connection) throws SQLException;

  /** Whether somebody else holds what is needed, so that trying again helps. */
  abstract boolean busy(SQLException failure);

  /** The file that must stay where it is. */
  abstract Optional<Path> file(String url);

  static Dialect of(String url) {
    for (Dialect dialect : values()) {
      if (url.startsWith(dialect.prefix)) {
        return dialect;
      }
    }
    throw new IllegalArgumentException(
        "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE, no other database is known");
  }

  /**
   * The address itself, if a rollout can be kept there.
   *
   * @throws IllegalArgumentException if not, with what is right
   */
  static String checked(String url) {
    if (of(url) == SQLITE) {
      String name = url.substring(SQLITE.prefix.length());
      if (name.isEmpty()
          || name.startsWith("?")
          || name.startsWith(":")
          || name.startsWith("file:")) {
        throw new IllegalArgumentException(
            "jdbc:sqlite: and the plain name of a file, which processes can share");
      }
    }
    return url;
  }
}
