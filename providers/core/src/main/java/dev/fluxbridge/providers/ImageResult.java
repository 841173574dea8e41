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
 * @param maskHonesty for each picture of a hosted edit what became of the pixels that the mask
 *     protects; else empty
 */
public record ImageResult(
    List<Picture> images,
    List<Long> seeds,
    List<Boolean> flagged,
    List<Note> notes,
    Cost cost,
    Provenance provenance,
    List<MaskHonesty> maskHonesty) {
  public ImageResult {
    images = List.copyOf(images);
    seeds = List.copyOf(seeds);
    flagged = List.copyOf(flagged);
    notes = List.copyOf(notes);
    maskHonesty = List.copyOf(maskHonesty);
  }

  /** A result in which nobody compared protected pixels. */
  public ImageResult(
      List<Picture> images,
      List<Long> seeds,
      List<Boolean> flagged,
      List<Note> notes,
      Cost cost,
      Provenance provenance) {
    this(images, seeds, flagged, notes, cost, provenance, List.of());
  }

  /**
   * The same result, with what became of protected pixels.
   *
   * @param pictures the pictures, or what was made of them by putting those pixels back
   */
  public ImageResult withMaskHonesty(List<Picture> pictures, List<MaskHonesty> honesty) {
    return new ImageResult(pictures, seeds, flagged, notes, cost, provenance, honesty);
  }

  /** The same result, with further notes behind its own. */
  public ImageResult withNotes(List<Note> more) {
    List<Note> all = Stream.concat(notes.stream(), more.stream()).toList();
    return new ImageResult(images, seeds, flagged, all, cost, provenance, maskHonesty);
  }

  /** The same result, with the router's decision in its provenance. */
  public ImageResult withDecision(Decision decision) {
    return new ImageResult(
        images, seeds, flagged, notes, cost, provenance.withDecision(decision), maskHonesty);
  }
}
