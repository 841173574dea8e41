package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened, and where pictures differed, in the store. */
final class LogTable {
  /** So many of each are kept, and for so long. */
  static final int KEPT = 2000;

  static final Duration KEPT_FOR = Duration.ofDays(30);

  private final Database database;

  LogTable(Database database) {
    this.database = database;
  }

  void write(List<RolloutEvent> events, List<Mismatch> mismatches) throws SQLException {
    database.transact(
        connection -> {
          for (RolloutEvent event : events) {
            insert(connection, event);
          }
          for (Mismatch mismatch : mismatches) {
            insert(connection, mismatch);
          }
          return events.size() + mismatches.size();
        });
  }

  static void insert(Connection connection, RolloutEvent event) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fluxbridge_event (id, at, kind, task, backend, share, text) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      int column = 0;
      insert.setString(++column, UUID.randomUUID().toString());
      insert.setLong(++column, event.at().toEpochMilli());
      insert.setString(++column, event.getClass().getSimpleName());
      boolean ofRoad = event instanceof RolloutEvent.OfRoad;
      insert.setString(
          ++column, event instanceof RolloutEvent.OfRoad road ? road.task().label() : "");
      insert.setString(++column, ofRoad ? ((RolloutEvent.OfRoad) event).backend() : "");
      if (event instanceof RolloutEvent.OfShare moved) {
        insert.setLong(++column, moved.shareNow());
      } else {
        insert.setNull(++column, Types.BIGINT);
      }
      insert.setString(++column, event.text());
      insert.executeUpdate();
    }
  }

  private static void insert(Connection connection, Mismatch mismatch) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fluxbridge_mismatch (id, at, task, served, shadow, distance, text, place)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      int column = 0;
      insert.setString(++column, mismatch.id());
      insert.setLong(++column, mismatch.at().toEpochMilli());
      insert.setString(++column, mismatch.task().label());
      insert.setString(++column, mismatch.served());
      insert.setString(++column, mismatch.shadow());
      if (mismatch.distance().isPresent()) {
        insert.setDouble(++column, mismatch.distance().getAsDouble());
      } else {
        insert.setNull(++column, Types.DOUBLE);
      }
      insert.setString(++column, mismatch.text());
      insert.setString(++column, mismatch.place());
      insert.executeUpdate();
    }
  }

  /** The newest first. */
  List<RolloutState.Happened> events(int most) throws SQLException {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT at, kind, task, backend, share, text FROM fluxbridge_event ORDER BY at DESC, id LIMIT ?")) {
            select.setInt(1, most);
            return Rows.list(select, LogTable::happened);
          }
        });
  }

  private static RolloutState.Happened happened(ResultSet row) throws SQLException {
    long share = row.getLong("share");
    boolean known = !row.wasNull();
    return new RolloutState.Happened(
        Instant.ofEpochMilli(row.getLong("at")),
        row.getString("kind"),
        Optional.ofNullable(Rows.task(row.getString("task"))),
        row.getString("backend"),
        known ? OptionalLong.of(share) : OptionalLong.empty(),
        row.getString("text"));
  }

  /** The newest first. */
  List<Mismatch> mismatches(int most) throws SQLException {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT id, at, task, served, shadow, distance, text, place FROM fluxbridge_mismatch"
                      + " ORDER BY at DESC, id LIMIT ?")) {
            select.setInt(1, most);
            return Rows.list(select, LogTable::mismatch);
          }
        });
  }

  private static @Nullable Mismatch mismatch(ResultSet row) throws SQLException {
    Task task = Rows.task(row.getString("task"));
    double distance = row.getDouble("distance");
    boolean known = !row.wasNull();
    return task == null
        ? null
        : new Mismatch(
            row.getString("id"),
            Instant.ofEpochMilli(row.getLong("at")),
            task,
            row.getString("served"),
            row.getString("shadow"),
            known ? OptionalDouble.of(distance) : OptionalDouble.empty(),
            row.getString("text"),
            row.getString("place"));
  }

  /** Forgets what is old or too much. */
  static void prune(Connection connection, Instant now) throws SQLException {
    for (String table : List.of("fluxbridge_event", "fluxbridge_mismatch")) {
      try (PreparedStatement old =
              connection.prepareStatement("DELETE FROM " + table + " WHERE at < ?");
          PreparedStatement many =
              connection.prepareStatement(
                  "DELETE FROM %s WHERE id IN (SELECT id FROM %s ORDER BY at DESC, id LIMIT 1000000 OFFSET ?)"
                      .formatted(table, table))) {
        old.setLong(1, now.minus(KEPT_FOR).toEpochMilli());
        old.executeUpdate();
        many.setInt(1, KEPT);
        many.executeUpdate();
      }
    }
  }
}
