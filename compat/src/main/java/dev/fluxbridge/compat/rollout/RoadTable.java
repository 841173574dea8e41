package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far each new road has come, in the store. */
final class RoadTable {
  private static final int VERSION_BEFORE = 14;

  private final Database database;

  RoadTable(Database database) {
    this.database = database;
  }

  /** Every new road that ever was one. */
  List<Road> all() throws SQLException {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT ramp, share, hold, who, why, since, rises, broke_at, strikes, epoch, version, task, backend"
                      + " FROM fluxbridge_road")) {
            return Rows.list(select, RoadTable::road);
          }
        });
  }

  /**
   * Moves a road, unless somebody else did since it was read.
   *
   * @param from as it was read, or null if it was not there
   * @param to what it becomes
   * @param event what to keep about it; null: nothing
   * @return whether it was moved
   */
  boolean move(@Nullable Road from, Road to, @Nullable RolloutEvent event) throws SQLException {
    return database.transact(
        connection -> {
          int moved = from == null ? insert(connection, to) : update(connection, from, to);
          if (moved == 1 && event != null) {
            LogTable.insert(connection, event);
          }
          return moved == 1;
        });
  }

  private static int insert(Connection connection, Road road) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO fluxbridge_road (ramp, share, hold, who, why, since, rises, broke_at, strikes, epoch, version, task, backend)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      set(insert, road);
      return insert.executeUpdate();
    }
  }

  private static int update(Connection connection, Road from, Road to) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fluxbridge_road SET ramp = ?, share = ?, hold = ?, who = ?, why = ?, since = ?, rises = ?,"
                + " broke_at = ?, strikes = ?, epoch = ?, version = ? WHERE task = ? AND backend = ? AND version = ?")) {
      set(update, to);
      update.setLong(VERSION_BEFORE, from.version());
      return update.executeUpdate();
    }
  }

  private static void set(PreparedStatement statement, Road road) throws SQLException {
    int column = 0;
    statement.setInt(++column, road.ramp() ? 1 : 0);
    statement.setLong(++column, road.share());
    statement.setString(++column, road.hold().name());
    statement.setString(++column, road.who());
    statement.setString(++column, road.why());
    statement.setLong(++column, road.since().toEpochMilli());
    if (road.rises().isPresent()) {
      statement.setLong(++column, road.rises().get().toEpochMilli());
    } else {
      statement.setNull(++column, Types.BIGINT);
    }
    statement.setLong(++column, road.brokeAt());
    statement.setInt(++column, road.strikes());
    statement.setLong(++column, road.epoch());
    statement.setLong(++column, road.version());
    statement.setString(++column, road.task().label());
    statement.setString(++column, road.backend());
  }

  private static @Nullable Road road(ResultSet row) throws SQLException {
    Task task = Rows.task(row.getString("task"));
    if (task == null) {
      return null;
    }
    long rises = row.getLong("rises");
    boolean cools = !row.wasNull();
    return new Road(
        task,
        row.getString("backend"),
        row.getInt("ramp") == 1,
        row.getLong("share"),
        Hold.valueOf(row.getString("hold")),
        row.getString("who"),
        row.getString("why"),
        Instant.ofEpochMilli(row.getLong("since")),
        cools ? Optional.of(Instant.ofEpochMilli(rises)) : Optional.empty(),
        row.getLong("broke_at"),
        row.getInt("strikes"),
        row.getLong("epoch"),
        row.getLong("version"));
  }
}
