package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Size;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a call becomes at fal. Immutable.
 *
 * @param parts requests, in the order of the pictures
 * @param notes what is not taken as asked
 * @param codes every row of the ledger that the call met, those of what is exact too
 */
public record FalImagePlan(List<Part> parts, List<Note> notes, Set<String> codes) {
  public FalImagePlan {
    parts = List.copyOf(parts);
    notes = List.copyOf(notes);
    codes = Set.copyOf(codes);
  }

  /**
   * One request.
   *
   * @param endpoint the endpoint's id
   * @param input its fields: texts, numbers, booleans, maps and lists of them, a {@code byte[]} for
   *     each PNG file to upload and a {@link java.nio.file.Path} for each file of this machine
   * @param pictures how many it draws
   * @param size of each; empty where fal chooses it
   */
  public record Part(
      String endpoint, Map<String, Object> input, int pictures, Optional<Size> size) {
    public Part {
      input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
    }

    /** Tells nothing of the input: prompts and pictures stay out of logs. */
    @Override
    public String toString() {
      return pictures + " pictures by " + endpoint;
    }
  }
}
