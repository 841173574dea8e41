package dev.fluxbridge.providers.fal.image;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One argument's pictures, each made ready and written as a file once. For one thread. */
final class Shelf {
  private static final int LATENT_CHANNELS = 16;

  private final List<Bitmap> bitmaps;
  private final UnaryOperator<Bitmap> prepared;
  private final Map<Integer, byte[]> files = new HashMap<>();

  private Shelf(List<Bitmap> bitmaps, UnaryOperator<Bitmap> prepared) {
    this.bitmaps = bitmaps;
    this.prepared = prepared;
  }

  /**
   * The pictures of an argument.
   *
   * @param argument its old name, for messages
   * @param prepared size and colours of what is sent
   * @throws dev.fluxbridge.providers.BackendException with {@code INVALID} if they are no pictures
   */
  static Shelf of(Images images, String argument, UnaryOperator<Bitmap> prepared) {
    try {
      return new Shelf(Bitmaps.of(images), prepared);
    } catch (IllegalArgumentException noPictures) {
      throw Findings.invalid("`%s`: %s".formatted(argument, noPictures.getMessage()));
    }
  }

  /** Pictures with as many channels as latents have are latents. */
  static boolean areLatents(Images images) {
    if (!(images instanceof Images.Values values)) {
      return false;
    }
    Tensor tensor = values.tensor();
    int sides = tensor.shape().size();
    return sides > 2 && tensor.side(sides - 3) == LATENT_CHANNELS;
  }

  int count() {
    return bitmaps.size();
  }

  Bitmap first() {
    return bitmaps.get(0);
  }

  /** A PNG file; the same array for the same picture. */
  byte[] file(int index) {
    return files.computeIfAbsent(index, i -> Bitmaps.png(prepared.apply(bitmaps.get(i))));
  }
}
