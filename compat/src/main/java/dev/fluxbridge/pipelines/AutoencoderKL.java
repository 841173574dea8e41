package dev.fluxbridge.pipelines;

/**
 * The autoencoder of a pipeline, as far as old callers spoke to it: how it saves memory. Newer
 * callers say {@code pipe.vae().enableTiling()} where older ones said {@code
 * pipe.enableVaeTiling()}; both do the same.
 *
 * <p>Only the local road looks at it, and its pictures are the same but for seams of tiles. Safe
 * for use by several threads; calls that are running do not change.
 */
public final class AutoencoderKL {
  private volatile boolean slicing;
  private volatile boolean tiling;

  AutoencoderKL() {}

  /** Takes one picture of a batch at a time. */
  public void enableSlicing() {
    slicing = true;
  }

  /** Takes a batch at once. */
  public void disableSlicing() {
    slicing = false;
  }

  /** Takes a large picture in overlapping tiles. */
  public void enableTiling() {
    tiling = true;
  }

  /** Takes pictures whole. */
  public void disableTiling() {
    tiling = false;
  }

  boolean slicing() {
    return slicing;
  }

  boolean tiling() {
    return tiling;
  }
}
