package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;

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

  /**
   * Packs pictures, from shape (B, C, 2 rows, 2 columns) to (B, S, 4 C).
   *
   * @param unpacked B pictures one after the other
   */
  float[] pack(float[] unpacked) {
    float[] packed = new float[unpacked.length];
    int width = 2 * columns;
    int plane = 2 * rows * width;
    for (int at = 0; at < unpacked.length; at++) {
      int picture = at / size();
      int channel = at % size() / plane;
      int y = at % plane / width;
      int x = at % width;
      int token = y / 2 * columns + x / 2;
      int feature = channel * 4 + y % 2 * 2 + x % 2;
      packed[picture * size() + token * features() + feature] = unpacked[at];
    }
    return packed;
  }

  /** Unpacks pictures, from shape (B, S, 4 C) to (B, C, 2 rows, 2 columns). */
  NDArray unpack(NDArray packed) {
    return packed
        .reshape(-1, rows, columns, channels, 2, 2)
        .transpose(0, 3, 1, 4, 2, 5)
        .reshape(-1, channels, 2L * rows, 2L * columns);
  }
}
