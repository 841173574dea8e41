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

  /**
   * Several tensors as one batch, in their order.
   *
   * @param tensors each of shape (B, C, H, W), (C, H, W) or, for grey ones, (H, W)
   * @throws IllegalArgumentException if there is none, or if channels or sizes differ
   */
  static Images ofAll(List<Floats> tensors) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("give at least one picture: the list is empty");
    }
    List<Floats> batches = tensors.stream().map(Images::batch).toList();
    List<Integer> one = batches.get(0).shape();
    int count = 0;
    for (Floats batch : batches) {
      if (!batch.shape().subList(1, 4).equals(one.subList(1, 4))) {
        throw new IllegalArgumentException(
            "pictures as numbers must have the same channels and size to be one batch, but have the"
                + " shapes %s and %s".formatted(one, batch.shape()));
      }
      count += batch.shape().get(0);
    }
    float[] all = new float[new Size(one.get(3), one.get(2)).numbers((long) count * one.get(1))];
    int at = 0;
    for (Floats batch : batches) {
      System.arraycopy(batch.values(), 0, all, at, batch.values().length);
      at += batch.values().length;
    }
    return of(Floats.of(all, count, one.get(1), one.get(2), one.get(3)));
  }

  private static Floats batch(Floats tensor) {
    List<Integer> shape = new Values(tensor).tensor().shape();
    int[] sides = {1, 1, 1, 1};
    for (int i = 0; i < shape.size(); i++) {
      sides[4 - shape.size() + i] = shape.get(i);
    }
    return Floats.of(tensor.values(), sides);
  }

  /** How many pictures there are. */
  int count();
}
