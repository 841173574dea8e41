package dev.fluxbridge.providers;

/**
 * How the local road is to save memory; it changes how a picture is computed and not which. Hosted
 * roads do not look at it.
 *
 * @param offload one model at a time is on the GPU (enable_model_cpu_offload)
 * @param vaeSlicing the autoencoder takes one picture of a batch at a time
 * @param vaeTiling it takes a large picture in overlapping tiles
 */
public record MemorySaving(boolean offload, boolean vaeSlicing, boolean vaeTiling) {
  /** As fast as it goes. */
  public static final MemorySaving NONE = new MemorySaving(false, false, false);
}
