package dev.fluxbridge.legacy.autoencoder;

/**
 * Ways to take less memory for an encoding or a decoding. Immutable, safe for use by several
 * threads.
 *
 * @param slicing one picture of a batch at a time; changes numbers by no more than rounding
 * @param tiling pictures that are wider or higher than the size that the autoencoder was made for
 *     go through in overlapping tiles that are blended; changes the picture a little
 */
public record MemorySaving(boolean slicing, boolean tiling) {
  /** The whole batch at once. */
  public static final MemorySaving NONE = new MemorySaving(false, false);
}
