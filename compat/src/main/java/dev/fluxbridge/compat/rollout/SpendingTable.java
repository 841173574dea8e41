package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutRules.Allowance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What was spent, minute by minute, in the store. */
final class SpendingTable {
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration DAY = Duration.ofDays(1);
  private static final Duration KEPT = Duration.ofHours(25);

  private SpendingTable() {}

  /**
   * What the last hour and day cost, in billionths. Reservations count as if they were spent. Rows
   * ahead of the clock, up to a day, count as well: somebody's clock runs fast, and the money is
   * gone.
   */
  record Spent(long hour, long day) {
    /** Which limit an amount would break, or empty. */
    Optional<Duration> broken(Allowance allowance, long amount) {
      if (allowance.hour().filter(limit -> hour + amount > Money.billionths(limit)).isPresent()) {
        return Optional.of(HOUR);
      }
      return allowance
          .day()
          .filter(limit -> day + amount > Money.billionths(limit))
          .map(limit -> DAY);
    }
  }

  static long minute(Instant at) {
    return at.getEpochSecond() / 60;
  }

  /** Keeps everybody else from this budget until the transaction ends. */
  static void lock(Connection connection, String budget) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fluxbridge_budget SET uses = uses + 1 WHERE name = ?")) {
      update.setString(1, budget);
      if (update.executeUpdate() == 1) {
        return;
      }
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO fluxbridge_budget (name, uses, told) VALUES (?, 0, 0) ON CONFLICT DO NOTHING")) {
        insert.setString(1, budget);
        insert.executeUpdate();
      }
      update.executeUpdate();
    }
  }

  static Spent spent(Connection connection, String budget, Instant now) throws SQLException {
    long minute = minute(now);
    try (PreparedStatement sum =
        connection.prepareStatement(
            "SELECT COALESCE(SUM(CASE WHEN minute >= ? THEN amount ELSE 0 END), 0), COALESCE(SUM(amount), 0)"
                + " FROM fluxbridge_spending WHERE budget = ? AND minute >= ? AND minute <= ?")) {
      // the minute in which the hour began belongs to it in part, and counts as a whole
      sum.setLong(1, minute - HOUR.toMinutes());
      sum.setString(2, budget);
      sum.setLong(3, minute - DAY.toMinutes());
      sum.setLong(4, minute + DAY.toMinutes());
      try (ResultSet row = sum.executeQuery()) {
        row.next();
        return new Spent(row.getLong(1), row.getLong(2));
      }
    }
  }

  /** Adds an amount to a minute; a negative one gives it back. */
  static void add(Connection connection, String budget, long minute, long amount)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO fluxbridge_spending (budget, minute, amount) VALUES (?, ?, ?)"
                + " ON CONFLICT (budget, minute) DO UPDATE SET amount = fluxbridge_spending.amount + excluded.amount")) {
      upsert.setString(1, budget);
      upsert.setLong(2, minute);
      upsert.setLong(3, amount);
      upsert.executeUpdate();
    }
  }

  /**
   * Whether nobody was told within the last hour that this budget is spent; then it is this one.
   */
  static boolean tell(Connection connection, String budget, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE fluxbridge_budget SET told = ? WHERE name = ? AND (told <= ? OR told > ?)")) {
      update.setLong(1, now.toEpochMilli());
      update.setString(2, budget);
      update.setLong(3, now.minus(HOUR).toEpochMilli());
      update.setLong(4, now.plus(HOUR).toEpochMilli());
      return update.executeUpdate() == 1;
    }
  }

  static void prune(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM fluxbridge_spending WHERE minute < ? OR minute > ?")) {
      delete.setLong(1, minute(now.minus(KEPT)));
      delete.setLong(2, minute(now.plus(KEPT)));
      delete.executeUpdate();
    }
  }
}
