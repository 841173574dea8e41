package dev.fluxbridge.providers;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One row of the fidelity ledger: what a backend makes of an old argument in one case. The rows of
 * a backend together are the one place where that is written: its mapping takes its notes and
 * refusals from them, and the guide's tables are printed from them.
 *
 * @param pipelines the old pipelines that the row is about
 * @param arguments the old arguments that it is about, in snake case; {@code model} for what {@code
 *     from_pretrained} took
 * @param backend the backend's name, or {@code *} for what the facade does on every road
 * @param endpoints the provider's endpoints or models that it is about; empty for all of them
 * @param fidelity what comes of it
 * @param code its stable name, for example {@code fal.num_inference_steps.clamped}
 * @param when in which case, in words
 */
public record LedgerRow(
    Set<Pipeline> pipelines,
    List<String> arguments,
    String backend,
    List<String> endpoints,
    Fidelity fidelity,
    String code,
    String when) {
  public LedgerRow {
    pipelines = Set.copyOf(pipelines);
    arguments = List.copyOf(arguments);
    endpoints = List.copyOf(endpoints);
  }

  /** A row about every pipeline and every endpoint of a backend. */
  public static LedgerRow of(
      String backend, List<String> arguments, Fidelity fidelity, String code, String when) {
    return new LedgerRow(
        EnumSet.allOf(Pipeline.class), arguments, backend, List.of(), fidelity, code, when);
  }

  /** What to tell a caller who met this row. */
  public Note note(String text) {
    return new Note(String.join(", ", arguments), fidelity, code, text);
  }
}
