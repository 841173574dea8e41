package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each process counted, in the store. */
final class CountTable {
  private static final List<String> KEY =
      List.of("span", "slot", "task", "backend", "epoch", "process");
  private static final List<String> NUMBERS =
      List.of(
          "calls",
          "shadows",
          "failures",
          "affected",
          "excused",
          "money",
          "priced",
          "distance",
          "compared",
          "mask_changed",
          "masked",
          "took",
          "repeated");
  private static final String UPSERT = upsert();

  private final Database database;

  CountTable(Database database) {
    this.database = database;
  }

  /** What one process counted in one bucket. */
  record Counted(Bucket bucket, String process, Tally tally) {}

  private static String upsert() {
    List<String> columns = new ArrayList<>(KEY);
    columns.addAll(NUMBERS);
    return "INSERT INTO fluxbridge_count (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s"
        .formatted(
            String.join(", ", columns),
            String.join(", ", columns.stream().map(column -> "?").toList()),
            String.join(", ", KEY),
            String.join(
                ", ", NUMBERS.stream().map(column -> column + " = excluded." + column).toList()));
  }

  /** Writes what this process counted, whether it was written before or not. */
  void write(String process, Map<Bucket, Tally> counts) throws SQLException {
    database.transact(
        connection -> {
          try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Map.Entry<Bucket, Tally> entry : counts.entrySet()) {
              set(upsert, entry.getKey(), process, entry.getValue());
              upsert.addBatch();
            }
            upsert.executeBatch();
          }
          return counts.size();
        });
  }

  private static void set(PreparedStatement upsert, Bucket bucket, String process, Tally tally)
      throws SQLException {
    int column = 0;
    upsert.setString(++column, bucket.span().name());
    upsert.setLong(++column, bucket.slot());
    upsert.setString(++column, bucket.task().label());
    upsert.setString(++column, bucket.backend());
    upsert.setLong(++column, bucket.epoch());
    upsert.setString(++column, process);
    upsert.setLong(++column, tally.calls);
    upsert.setLong(++column, tally.shadows);
    upsert.setLong(++column, tally.failures);
    upsert.setLong(++column, tally.affected);
    upsert.setLong(++column, tally.excused);
    upsert.setLong(++column, tally.money);
    upsert.setLong(++column, tally.priced);
    upsert.setDouble(++column, tally.distance);
    upsert.setLong(++column, tally.compared);
    upsert.setDouble(++column, tally.maskChanged);
    upsert.setLong(++column, tally.masked);
    upsert.setString(++column, tally.took.text());
    upsert.setString(++column, tally.repeated.text());
  }

  /**
   * What was counted in slots that began at this moment or later.
   *
   * @param butOf leaves out this process
   */
  List<Counted> since(Span span, long slot, String butOf) throws SQLException {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT * FROM fluxbridge_count WHERE span = ? AND slot >= ? AND process <> ?")) {
            select.setString(1, span.name());
            select.setLong(2, slot);
            select.setString(3, butOf);
            return Rows.list(select, CountTable::counted);
          }
        });
  }

  /** What is known of the old roads' own noise. */
  List<Counted> repeated(Instant from) throws SQLException {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT * FROM fluxbridge_count WHERE span = ? AND slot >= ? AND repeated <> ''")) {
            select.setString(1, Span.COARSE.name());
            select.setLong(2, from.toEpochMilli());
            return Rows.list(select, CountTable::counted);
          }
        });
  }

  private static @Nullable Counted counted(ResultSet row) throws SQLException {
    Task task = Rows.task(row.getString("task"));
    if (task == null) {
      return null;
    }
    Tally tally =
        new Tally(Sketch.parse(row.getString("took")), Sketch.parse(row.getString("repeated")));
    tally.calls = row.getLong("calls");
    tally.shadows = row.getLong("shadows");
    tally.failures = row.getLong("failures");
    tally.affected = row.getLong("affected");
    tally.excused = row.getLong("excused");
    tally.money = row.getLong("money");
    tally.priced = row.getLong("priced");
    tally.distance = row.getDouble("distance");
    tally.compared = row.getLong("compared");
    tally.maskChanged = row.getDouble("mask_changed");
    tally.masked = row.getLong("masked");
    Bucket bucket =
        new Bucket(
            Span.valueOf(row.getString("span")),
            row.getLong("slot"),
            task,
            row.getString("backend"),
            row.getLong("epoch"));
    return new Counted(bucket, row.getString("process"), tally);
  }

  /**
   * Forgets what no window, page or floor looks at any more.
   *
   * @param window the longest: others may have a longer one, so twice as much stays
   */
  static void prune(Connection connection, Instant now, Duration window) throws SQLException {
    for (Span span : Span.values()) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM fluxbridge_count WHERE span = ? AND slot < ?")) {
        delete.setString(1, span.name());
        Duration kept = span == Span.FINE ? window.multipliedBy(2).plus(span.kept) : span.kept;
        delete.setLong(2, now.minus(kept).toEpochMilli());
        delete.executeUpdate();
      }
    }
  }
}
