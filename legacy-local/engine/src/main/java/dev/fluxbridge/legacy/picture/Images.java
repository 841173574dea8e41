package dev.fluxbridge.legacy.picture;

import dev.fluxbridge.legacy.array.Floats;
import java.util.List;

/**
 * What a caller passes as image, mask or control image. It is not changed by anything here.
 *
 * <p>Safe for use by several threads as long as nobody writes to the arrays.
 */
public sealed interface Images {

  /**
   * Pictures as Pillow holds them; they may differ in size.
   *
   * @param bitmaps at least one
   */
  record Bitmaps(List<Bitmap> bitmaps) implements Images {

    /**
     * Checks that there is a picture.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Bitmaps {
      bitmaps = List.copyOf(bitmaps);
      if (bitmaps.isEmpty()) {
        throw new IllegalArgumentException("give at least one picture: the list is empty");
      }
    }

    @Override
    public int count() {
      return bitmaps.size();
    }
  }

  /**
   * Pictures as numbers from 0 to 1, or latents.
   *
   * @param tensor shape (B, C, H, W) or (C, H, W); for masks also (B, H, W) and (H, W)
   */
  record Values(Floats tensor) implements Images {

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException for another number of sides, or if one is 0
     */
    public Values {
      List<Integer> shape = tensor.shape();
      if (shape.size() < 2 || shape.size() > 4 || shape.contains(0)) {
        throw new IllegalArgumentException(
            "pictures as numbers have the shape (B, C, H, W) or (C, H, W), not " + shape);
      }
    }

    /** B, or 1 for a shape with less than four sides. */
    @Override
    public int count() {
      return tensor.shape().size() == 4 ? tensor.shape().get(0) : 1;
    }
  }

  /**
   * Some pictures.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Images of(Bitmap... bitmaps) {
    return new Bitmaps(List.of(bitmaps));
  }

  /**
   * Pictures as numbers, or latents.
   *
   * @throws IllegalArgumentException for a shape that pictures do not have
   */
  static Images of(Floats tensor) {
    return new Values(tensor);
  }

  /** How many pictures there are. */
  int count();
}
