package dev.fluxbridge.providers;

/**
 * What became of one argument that the backend could not take as it was. A result without notes did
 * just what was asked.
 *
 * @param argument the old argument's name, for example {@code guidance_scale}
 * @param fidelity how near to what was asked
 * @param code a stable name for this note, for example {@code fal.num_inference_steps.clamped}:
 *     callers may match on it
 * @param text what happened, in a sentence; holds no prompt
 */
public record Note(String argument, Fidelity fidelity, String code, String text) {

  /** The same note with a text of its own: a row of a table becomes what to tell one caller. */
  public Note saying(String other) {
    return new Note(argument, fidelity, code, other);
  }
}
