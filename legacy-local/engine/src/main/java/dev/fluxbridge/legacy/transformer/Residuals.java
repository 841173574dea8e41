package dev.fluxbridge.legacy.transformer;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * What ControlNets add to the image tokens behind the transformer's blocks. A ControlNet has fewer
 * blocks than the transformer, so that each of its samples serves several in a row.
 *
 * <p>Whoever made the arrays frees them. Immutable, safe for use by several threads.
 *
 * <p>Source: diffusers 0.35, models/transformers/transformer_flux.py.
 *
 * @param doubles behind the double blocks, shape (B, S, D) each
 * @param singles behind the single blocks, shape (B, S, D) each
 */
public record Residuals(List<NDArray> doubles, List<NDArray> singles) implements AutoCloseable {
  /** Nothing is added. */
  public static final Residuals NONE = new Residuals(List.of(), List.of());

  public Residuals {
    doubles = List.copyOf(doubles);
    singles = List.copyOf(singles);
  }

  Optional<NDArray> behindDouble(int block, int blocks) {
    return behind(doubles, block, blocks);
  }

  Optional<NDArray> behindSingle(int block, int blocks) {
    return behind(singles, block, blocks);
  }

  private static Optional<NDArray> behind(List<NDArray> samples, int block, int blocks) {
    return samples.isEmpty()
        ? Optional.empty()
        : Optional.of(samples.get(sample(block, blocks, samples.size())));
  }

  /** Which of the samples stands behind a block. */
  static int sample(int block, int blocks, int samples) {
    int interval = (blocks + samples - 1) / samples;
    return block / interval;
  }

  @Override
  public void close() {
    doubles.forEach(NDArray::close);
    singles.forEach(NDArray::close);
  }
}
