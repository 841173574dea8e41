package dev.fluxbridge.cli.demo;

import dev.fluxbridge.cli.demo.DemoCommand.Drawn;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The demo's results as rows of text: for the terminal, and for the page. */
final class DemoTable {
  static final List<String> HEADINGS =
      List.of("task", "route", "because", "seconds", "seed", "notes");

  private DemoTable() {}

  /** One row of cells for each road, under {@link #HEADINGS}; notes on lines of their own. */
  static List<String> cells(Drawn drawn) {
    String seeds =
        drawn.result().seeds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return List.of(
        Task.TEXT_TO_IMAGE.label(),
        drawn.road() + " (" + drawn.result().provenance().model() + ")",
        drawn.result().provenance().because(),
        "%.2f".formatted(drawn.result().provenance().took().toMillis() / 1000.0),
        seeds.isEmpty() ? "not said" : seeds,
        notes(drawn.result().notes()));
  }

  private static String notes(List<Note> notes) {
    return notes.isEmpty()
        ? "none: just as asked"
        : notes.stream()
            .map(note -> note.argument() + " " + note.fidelity() + ": " + note.text())
            .collect(Collectors.joining("\n"));
  }

  /** The whole table, columns padded, notes below their row. */
  static String text(List<Drawn> drawn) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    drawn.forEach(d -> rows.add(cells(d)));
    int columns = HEADINGS.size() - 1;
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        int at = column;
        int width = rows.stream().mapToInt(cells -> cells.get(at).length()).max().orElse(0);
        text.append(pad(row.get(column), width)).append("  ");
      }
      text.append(
          row == HEADINGS ? "" : "\n  notes: " + row.get(columns).replace("\n", "\n         "));
      text.append('\n');
    }
    return text.toString();
  }

  private static String pad(String cell, int width) {
    return cell + " ".repeat(width - cell.length());
  }
}
