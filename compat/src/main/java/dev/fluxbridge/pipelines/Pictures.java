package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;

/** Turns what a backend gave into what an old caller expects: pictures are red, green and blue. */
final class Pictures {
  private static final int CHANNELS = 3;

  private Pictures() {}

  static BufferedImage toBufferedImage(Picture picture) {
    Bitmap bitmap = Bitmaps.of(picture);
    int plane = bitmap.width() * bitmap.height();
    byte[] pixels = bitmap.pixels();
    int[] packed = new int[plane];
    for (int i = 0; i < plane; i++) {
      packed[i] =
          (pixels[CHANNELS * i] & 0xff) << 16
              | (pixels[CHANNELS * i + 1] & 0xff) << 8
              | (pixels[CHANNELS * i + 2] & 0xff);
    }
    BufferedImage image =
        new BufferedImage(bitmap.width(), bitmap.height(), BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, bitmap.width(), bitmap.height(), packed, 0, bitmap.width());
    return image;
  }

  /** All pictures in one tensor, shape (B, 3, H, W), 0 to 1. */
  static Tensor toChannelsFirst(List<Picture> pictures) {
    return stack(pictures.stream().map(Pictures::pixels).toList());
  }

  /** Shape (B, 3, H, W) to (B, H, W, 3). */
  static Tensor toChannelsLast(Tensor batch) {
    int height = batch.side(2);
    int width = batch.side(3);
    int plane = height * width;
    float[] from = batch.values();
    float[] to = new float[from.length];
    for (int b = 0; b < batch.side(0); b++) {
      int start = b * CHANNELS * plane;
      for (int c = 0; c < CHANNELS; c++) {
        for (int i = 0; i < plane; i++) {
          to[start + i * CHANNELS + c] = from[start + c * plane + i];
        }
      }
    }
    return Tensor.of(to, batch.side(0), height, width, CHANNELS);
  }

  /** All latents in one tensor, shape (B, S, 64). */
  static Tensor toLatents(List<Picture> pictures) {
    return stack(pictures.stream().map(picture -> ((Picture.Latents) picture).values()).toList());
  }

  private static Tensor pixels(Picture picture) {
    if (picture instanceof Picture.Pixels pixels) {
      return pixels.values();
    }
    Bitmap bitmap = Bitmaps.of(picture);
    int plane = bitmap.width() * bitmap.height();
    float[] values = new float[CHANNELS * plane];
    for (int i = 0; i < values.length; i++) {
      values[i % CHANNELS * plane + i / CHANNELS] = (bitmap.pixels()[i] & 0xff) / 255f;
    }
    return Tensor.of(values, CHANNELS, bitmap.height(), bitmap.width());
  }

  private static Tensor stack(List<Tensor> items) {
    List<Integer> shape = items.get(0).shape();
    int size = items.get(0).values().length;
    float[] all = new float[Math.multiplyExact(size, items.size())];
    int[] sides = new int[shape.size() + 1];
    sides[0] = items.size();
    for (int i = 0; i < shape.size(); i++) {
      sides[i + 1] = shape.get(i);
    }
    for (int i = 0; i < items.size(); i++) {
      if (!items.get(i).shape().equals(shape)) {
        throw new BackendException(
            Reason.BAD_REPLY,
            "The pictures differ in size: %s and %s do not fit in one array; ask for output_type 'pil'"
                .formatted(shape, items.get(i).shape()));
      }
      System.arraycopy(items.get(i).values(), 0, all, i * size, size);
    }
    return Tensor.of(all, sides);
  }
}
