package dev.fluxbridge.compat.rollout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * The tables of the store, in SQL that SQLite and PostgreSQL both read. Moments are milliseconds
 * since 1970, money is in billionths, shares in millionths of a percent.
 */
final class Schema {
  /** Rises with every change of a table. */
  static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          // One row: which tables these are, and which store this is, so that who knew another one
          // notices.
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_schema (
            version INTEGER NOT NULL,
            identity TEXT NOT NULL)""",
          // How far each new road has come. Moved only by who knows its version.
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_road (
            task TEXT NOT NULL,
            backend TEXT NOT NULL,
            ramp INTEGER NOT NULL,
            share BIGINT NOT NULL,
            hold TEXT NOT NULL,
            who TEXT NOT NULL,
            why TEXT NOT NULL,
            since BIGINT NOT NULL,
            rises BIGINT,
            broke_at BIGINT NOT NULL,
            strikes INTEGER NOT NULL,
            epoch BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (task, backend))""",
          // What each process counted, as absolute numbers: a row has one writer, so that writing
          // it twice is harmless.
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_count (
            span TEXT NOT NULL,
            slot BIGINT NOT NULL,
            task TEXT NOT NULL,
            backend TEXT NOT NULL,
            epoch BIGINT NOT NULL,
            process TEXT NOT NULL,
            calls BIGINT NOT NULL,
            shadows BIGINT NOT NULL,
            failures BIGINT NOT NULL,
            affected BIGINT NOT NULL,
            excused BIGINT NOT NULL,
            money BIGINT NOT NULL,
            priced BIGINT NOT NULL,
            distance DOUBLE PRECISION NOT NULL,
            compared BIGINT NOT NULL,
            mask_changed DOUBLE PRECISION NOT NULL,
            masked BIGINT NOT NULL,
            took TEXT NOT NULL,
            repeated TEXT NOT NULL,
            PRIMARY KEY (span, slot, task, backend, epoch, process))""",
          // One row a budget: who changes it keeps others waiting, so that sums are read and raised
          // by one at a time.
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_budget (
            name TEXT NOT NULL PRIMARY KEY,
            uses BIGINT NOT NULL,
            told BIGINT NOT NULL)""",
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_spending (
            budget TEXT NOT NULL,
            minute BIGINT NOT NULL,
            amount BIGINT NOT NULL,
            PRIMARY KEY (budget, minute))""",
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_event (
            id TEXT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            kind TEXT NOT NULL,
            task TEXT NOT NULL,
            backend TEXT NOT NULL,
            share BIGINT,
            text TEXT NOT NULL)""",
          "CREATE INDEX IF NOT EXISTS fluxbridge_event_at ON fluxbridge_event (at)",
          """
          CREATE TABLE IF NOT EXISTS fluxbridge_mismatch (
            id TEXT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            task TEXT NOT NULL,
            served TEXT NOT NULL,
            shadow TEXT NOT NULL,
            distance DOUBLE PRECISION,
            text TEXT NOT NULL,
            place TEXT NOT NULL)""",
          "CREATE INDEX IF NOT EXISTS fluxbridge_mismatch_at ON fluxbridge_mismatch (at)");

  private Schema() {}

  /**
   * Makes the tables that are not there.
   *
   * @return the store's identity
   * @throws SQLException if it cannot be read, or was written by a newer release
   */
  static String ensure(Connection connection, Dialect dialect) throws SQLException {
    dialect.lockSchema(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLES.get(0));
      try (ResultSet row =
          statement.executeQuery("SELECT version, identity FROM fluxbridge_schema")) {
        if (row.next()) {
          return known(row.getInt(1), row.getString(2));
        }
      }
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
    String identity = UUID.randomUUID().toString();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fluxbridge_schema (version, identity) VALUES (?, ?)")) {
      insert.setInt(1, VERSION);
      insert.setString(2, identity);
      insert.executeUpdate();
    }
    return identity;
  }

  /**
   * The store's identity, where its tables are there.
   *
   * @throws SQLException if they are not, or were written by a newer release
   */
  static String identity(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version, identity FROM fluxbridge_schema")) {
      if (!row.next()) {
        throw new SQLException("its tables are not made yet");
      }
      return known(row.getInt(1), row.getString(2));
    }
  }

  private static String known(int version, String identity) throws SQLException {
    if (version != VERSION) {
      throw new SQLException(
          "its tables are of version %d, and this release of Fluxbridge knows version %d: use the release that wrote them, or another store"
              .formatted(version, VERSION));
    }
    return identity;
  }
}
