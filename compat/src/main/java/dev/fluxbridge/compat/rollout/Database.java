package dev.fluxbridge.compat.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the store, opened at need and thrown away when it fails. Used by one thread at
 * a time; others wait. Never asked on a caller's thread.
 */
final class Database implements AutoCloseable {
  private final RolloutRules.Store address;
  private final Dialect dialect;
  private final int patienceMillis;
  private @Nullable Connection connection;
  private @Nullable Object fileKey;
  private String identity = "";

  /**
   * @param patienceMillis how long to wait for somebody else's lock
   */
  Database(RolloutRules.Store address, int patienceMillis) {
    this.address = address;
    this.dialect = Dialect.of(address.url());
    this.patienceMillis = patienceMillis;
  }

  /** What is done over a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Nobody knows whether the transaction was done. */
  static final class UnknownEnd extends SQLException {
    private static final long serialVersionUID = 1L;

    UnknownEnd(SQLException cause) {
      super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }
  }

  /** Reads, each statement by itself. */
  synchronized <T> T read(Work<T> work) throws SQLException {
    return with(work);
  }

  /** Does all of it or nothing. */
  synchronized <T> T transact(Work<T> work) throws SQLException {
    return with(
        open -> {
          open.setAutoCommit(false);
          T done;
          try {
            done = work.on(open);
          } catch (SQLException | RuntimeException e) {
            rollBack(open, e);
            throw e;
          }
          try {
            open.commit();
          } catch (SQLException e) {
            rollBack(open, e);
            throw new UnknownEnd(e);
          }
          open.setAutoCommit(true);
          return done;
        });
  }

  /** Whether it is there without being made. */
  boolean exists() {
    return dialect.file(address.url()).map(Files::exists).orElse(true);
  }

  /** Which store it is; known from the first use on. */
  synchronized String identity() {
    return identity;
  }

  RolloutRules.Store address() {
    return address;
  }

  boolean busy(SQLException failure) {
    return dialect.busy(failure);
  }

  private void rollBack(Connection open, Exception cause) {
    try {
      open.rollback();
      open.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
      close();
    }
  }

  private <T> T with(Work<T> work) throws SQLException {
    try {
      Connection open = connection;
      if (open == null || replaced()) {
        close();
        open = open();
      }
      return work.on(open);
    } catch (SQLException | RuntimeException e) {
      if (!(e instanceof SQLException failure && busy(failure))) {
        close();
      }
      throw e;
    }
  }

  private Connection open() throws SQLException {
    Properties properties = new Properties();
    dialect.defaults(properties, patienceMillis);
    address.user().ifPresent(user -> properties.setProperty("user", user));
    address.password().ifPresent(password -> properties.setProperty("password", password));
    Connection opened;
    try {
      opened = DriverManager.getConnection(address.url(), properties);
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).startsWith("No suitable driver")) {
        // its text shows the address as it is, and that may hold a password
        throw new SQLException(
            "no driver takes this address: is %s on the class path, and is the address well formed?"
                .formatted(dialect.artifact));
      }
      throw e;
    } catch (LinkageError e) {
      throw new SQLException("its driver cannot be loaded: " + e, e);
    }
    connection = opened;
    identity = identity(opened);
    fileKey = fileKey();
    return opened;
  }

  /** What is there already is only read, so that a store which cannot be written can be. */
  private String identity(Connection opened) throws SQLException {
    try {
      return Schema.identity(opened);
    } catch (SQLException notYet) {
      return transact(fresh -> Schema.ensure(fresh, dialect));
    }
  }

  /** An open file can be written to long after its name is gone, and nobody would see it. */
  private boolean replaced() {
    Object opened = fileKey;
    return opened != null && !opened.equals(fileKey());
  }

  private @Nullable Object fileKey() {
    return dialect.file(address.url()).map(Database::key).orElse(null);
  }

  private static Object key(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? "there" : key;
    } catch (IOException gone) {
      return "gone";
    }
  }

  @Override
  public synchronized void close() {
    Connection open = connection;
    connection = null;
    fileKey = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException ignored) {
        // it is thrown away because it failed, or because nobody needs it any more
      }
    }
  }
}
