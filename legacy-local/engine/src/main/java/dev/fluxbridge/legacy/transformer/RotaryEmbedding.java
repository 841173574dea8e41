package dev.fluxbridge.legacy.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * FluxPosEmbed for the tokens of one picture: the angles by which a token's row and column turn its
 * queries and keys.
 *
 * <p>Text tokens stand at place 0, where nothing turns, and have no rows here.
 *
 * <p>Source: diffusers 0.35, models/embeddings.py get_1d_rotary_pos_embed, computed in float64.
 */
public final class RotaryEmbedding {
  private static final double THETA = 10_000;

  private RotaryEmbedding() {}

  /**
   * Image tokens on a grid.
   *
   * @param image which picture they belong to: 0 the one that is drawn, 1 a reference
   */
  public record Grid(int image, int rows, int columns) {}

  /** The table for the one grid of a picture that is drawn. */
  public static NDArray of(NDManager manager, List<Integer> axes, int rows, int columns) {
    return of(manager, axes, new Grid(0, rows, columns));
  }

  /**
   * The table for the tokens of one or more grids, one after the other.
   *
   * @param axes features that each of the three places turns
   * @return cosine and sine of every angle, shape (S, 1, head features / 2, 2)
   */
  public static NDArray of(NDManager manager, List<Integer> axes, Grid... grids) {
    int pairs = axes.stream().mapToInt(d -> d / 2).sum();
    int tokens = Arrays.stream(grids).mapToInt(g -> g.rows * g.columns).sum();
    FloatBuffer table = FloatBuffer.allocate(Math.multiplyExact(tokens, pairs * 2));
    for (Grid grid : grids) {
      for (int row = 0; row < grid.rows; row++) {
        for (int column = 0; column < grid.columns; column++) {
          int[] place = {grid.image, row, column};
          for (int axis = 0; axis < 3; axis++) {
            int features = axes.get(axis);
            for (int j = 0; j < features; j += 2) {
              double angle = place[axis] / Math.pow(THETA, (double) j / features);
              table.put((float) Math.cos(angle)).put((float) Math.sin(angle));
            }
          }
        }
      }
    }
    return manager.create(table.array(), new Shape(tokens, 1, pairs, 2));
  }
}
