package dev.fluxbridge.cli.rollout;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, in columns that are as wide as they must be. */
final class Grid {
  private final List<List<String>> rows = new ArrayList<>();

  Grid row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Each row on a line of its own, indented. */
  String text(String indent) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
