package dev.fluxbridge.providers;

import java.util.List;
import java.util.stream.Stream;

/**
 * What came back. Immutable, and complete: no link in it expires.
 *
 * @param images the pictures, prompt by prompt
 * @param seeds for each picture the seed that drew it, as the backend says; empty where it does not
 *     say
 * @param flagged for each picture whether the provider's safety check marked it; empty where it
 *     does not say
 * @param notes what was not taken as it was asked
 * @param cost what it cost
 * @param provenance where it came from
 */
public record ImageResult(
    List<Picture> images,
    List<Long> seeds,
    List<Boolean> flagged,
    List<Note> notes,
    Cost cost,
    Provenance provenance) {
  public ImageResult {
    images = List.copyOf(images);
    seeds = List.copyOf(seeds);
    flagged = List.copyOf(flagged);
    notes = List.copyOf(notes);
  }

  /** The same result, with further notes behind its own. */
  public ImageResult withNotes(List<Note> more) {
    List<Note> all = Stream.concat(notes.stream(), more.stream()).toList();
    return new ImageResult(images, seeds, flagged, all, cost, provenance);
  }

  /** The same result, with the router's reason in its provenance. */
  public ImageResult withBecause(String reason) {
    return new ImageResult(images, seeds, flagged, notes, cost, provenance.withBecause(reason));
  }
}
