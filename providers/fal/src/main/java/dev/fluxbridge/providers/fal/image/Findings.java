package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.RefusedArgumentException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What one call meets of the ledger while it is planned. For one thread. */
final class Findings {
  private static final Set<String> FLEX_NAMES =
      Set.of("inpaint_image", "inpaint_mask", "control_strength", "control_stop");

  private final Pipeline pipeline;
  private final Set<Rule> met = EnumSet.noneOf(Rule.class);
  private final Set<Note> notes = new LinkedHashSet<>();

  Findings(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** A row that asks for no word to the caller. */
  void met(Rule rule) {
    met.add(rule);
  }

  /** A row, and what to tell the caller of it. */
  void note(Rule rule, String text) {
    met.add(rule);
    notes.add(new Note(arguments(rule.row()), rule.row().fidelity(), rule.row().code(), text));
  }

  /** What to throw where a row says that the call is not made. */
  BackendException refusal(Rule rule, String text) {
    LedgerRow row = rule.row();
    return new RefusedArgumentException(
        row, "%s (%s): %s; nothing was sent to fal".formatted(arguments(row), row.code(), text));
  }

  /** What to throw where the call makes no sense on any road. */
  static BackendException invalid(String text) {
    return new BackendException(Reason.INVALID, text + "; nothing was sent to fal");
  }

  /** FlexPipeline has names of its own for what others have too. */
  private String arguments(LedgerRow row) {
    boolean flex =
        pipeline == Pipeline.FLEX && row.arguments().stream().anyMatch(FLEX_NAMES::contains);
    String names =
        row.arguments().stream()
            .filter(
                name ->
                    flex
                        ? FLEX_NAMES.contains(name) || name.equals("control_image")
                        : !FLEX_NAMES.contains(name))
            .collect(Collectors.joining(", "));
    return names;
  }

  List<Note> notes() {
    return List.copyOf(notes);
  }

  Set<Rule> met() {
    return met;
  }

  /**
   * Turns notes into a refusal.
   *
   * @throws BackendException with {@code UNSUPPORTED} if there are any
   */
  void requireExact() {
    String inexact =
        notes.stream()
            .filter(note -> note.fidelity() != Fidelity.EXACT)
            .map(note -> note.argument() + " (" + note.code() + "): " + note.text())
            .collect(Collectors.joining("; "));
    if (!inexact.isEmpty()) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict: fal cannot do this exactly: " + inexact + "; nothing was sent to fal");
    }
  }
}
