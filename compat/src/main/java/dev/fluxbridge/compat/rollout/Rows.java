package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads rows of the store. */
final class Rows {
  private Rows() {}

  /** One row, or null for one that this release does not know what to do with. */
  @FunctionalInterface
  interface Reader<T> {
    @Nullable T read(ResultSet row) throws SQLException;
  }

  static <T> List<T> list(PreparedStatement select, Reader<T> reader) throws SQLException {
    try (ResultSet rows = select.executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        T row = reader.read(rows);
        if (row != null) {
          list.add(row);
        }
      }
      return list;
    }
  }

  /** The task of this name, or null: another release may know more of them. */
  static @Nullable Task task(String label) {
    return Stream.of(Task.values())
        .filter(task -> task.label().equals(label))
        .findFirst()
        .orElse(null);
  }
}
