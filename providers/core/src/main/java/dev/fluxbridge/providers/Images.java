package dev.fluxbridge.providers;

import java.util.List;

/**
 * What a caller passes as image, mask or control image: one picture or a batch. It is not changed
 * by anything here.
 *
 * <p>Safe for use by several threads as long as nobody writes to the arrays.
 */
public sealed interface Images {

  /**
   * Pictures of 8-bit numbers; they may differ in size.
   *
   * @param bitmaps at least one
   */
  record Bitmaps(List<Bitmap> bitmaps) implements Images {
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
   * Pictures as numbers, channels first, or latents. Images and masks go from 0 to 1, control
   * images of the local road from -1 to 1.
   *
   * @param tensor shape (B, C, H, W) or (C, H, W); for masks also (B, H, W) and (H, W)
   */
  record Values(Tensor tensor) implements Images {
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
      return tensor.shape().size() == 4 ? tensor.side(0) : 1;
    }
  }

  /** Some pictures. */
  static Images of(Bitmap... bitmaps) {
    return new Bitmaps(List.of(bitmaps));
  }

  /** Pictures as numbers, or latents. */
  static Images of(Tensor tensor) {
    return new Values(tensor);
  }

  /** How many pictures there are. */
  int count();
}
