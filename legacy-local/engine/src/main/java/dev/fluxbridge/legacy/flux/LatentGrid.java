package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How the latents of one picture are cut into tokens: each token is a square of 2x2 latents with
 * all their channels, in the order channel, row, column.
 *
 * @param channels channels of the latents
 * @param rows tokens from top to bottom
 * @param columns tokens from left to right
 */
record LatentGrid(int channels, int rows, int columns) {

  /** S, the tokens of one picture. */
  int tokens() {
    return rows * columns;
  }

  /** Features of one token. */
  int features() {
    return channels * 4;
  }

  /** Numbers in one picture. */
  int size() {
    return tokens() * features();
  }

  /** Rows of latents. */
  int height() {
    return 2 * rows;
  }

  /** Columns of latents. */
  int width() {
    return 2 * columns;
  }

  /** Packs pictures of any number of channels, from (B, C, h, w) to (B, S, 4 C). */
  static NDArray pack(NDArray x) {
    Shape shape = x.getShape();
    long channels = shape.get(1);
    long rows = shape.get(2) / 2;
    long columns = shape.get(3) / 2;
    return x.reshape(-1, channels, rows, 2, columns, 2)
        .transpose(0, 2, 4, 1, 3, 5)
        .reshape(-1, rows * columns, channels * 4);
  }

  /** Unpacks pictures, from shape (B, S, 4 C) to (B, C, h, w). */
  NDArray unpack(NDArray packed) {
    return packed
        .reshape(-1, rows, columns, channels, 2, 2)
        .transpose(0, 3, 1, 4, 2, 5)
        .reshape(-1, channels, 2L * rows, 2L * columns);
  }
}
