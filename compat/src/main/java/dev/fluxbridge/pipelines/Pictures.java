package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Turns what a backend gave into what an old caller expects. The one place where pictures are
 * decoded and rounded.
 */
final class Pictures {
  private static final int CHANNELS = 3;

  private Pictures() {}

  static BufferedImage toBufferedImage(Picture picture) {
    if (picture instanceof Picture.Encoded encoded) {
      return decode(encoded);
    }
    Tensor pixels = pixels(picture);
    int height = pixels.side(1);
    int width = pixels.side(2);
    float[] values = pixels.values();
    int plane = height * width;
    int[] packed = new int[plane];
    for (int i = 0; i < plane; i++) {
      packed[i] =
          toByte(values[i]) << 16 | toByte(values[plane + i]) << 8 | toByte(values[2 * plane + i]);
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, packed, 0, width);
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
    BufferedImage image = decode((Picture.Encoded) picture);
    int width = image.getWidth();
    int height = image.getHeight();
    int plane = width * height;
    int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
    float[] values = new float[CHANNELS * plane];
    for (int i = 0; i < plane; i++) {
      values[i] = (packed[i] >> 16 & 0xff) / 255f;
      values[plane + i] = (packed[i] >> 8 & 0xff) / 255f;
      values[2 * plane + i] = (packed[i] & 0xff) / 255f;
    }
    return Tensor.of(values, CHANNELS, height, width);
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

  /** As the old image processor did: round half to even. */
  private static int toByte(float value) {
    return (int) Math.rint(Math.min(1f, Math.max(0f, value)) * 255f);
  }

  private static BufferedImage decode(Picture.Encoded picture) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.bytes()));
      if (image != null) {
        return image;
      }
      throw new BackendException(
          Reason.BAD_REPLY, "No decoder is installed for the %s that came back".formatted(picture));
    } catch (IOException | RuntimeException e) {
      if (e instanceof BackendException known) {
        throw known;
      }
      throw new BackendException(
          Reason.BAD_REPLY, "The %s that came back cannot be decoded".formatted(picture), e);
    }
  }
}
