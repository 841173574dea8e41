package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;

/** Turns the JDK's pictures into bytes, where nothing is lost. Stateless. */
final class ImagesOfTheJdk {
  private ImagesOfTheJdk() {}

  /**
   * Grey stays as it is stored: the JDK takes it for linear light.
   *
   * @throws GoldenException for a palette, other than 8 bits a channel, or CMYK
   */
  static Bitmap bitmap(BufferedImage image, String what) {
    ColorModel model = image.getColorModel();
    int space = model.getColorSpace().getType();
    if (model instanceof IndexColorModel) {
      throw refused(what, "has a palette");
    }
    if (space != ColorSpace.TYPE_RGB && space != ColorSpace.TYPE_GRAY) {
      throw refused(what, "is neither grey nor RGB");
    }
    for (int bits : model.getComponentSize()) {
      if (bits != 8) {
        throw refused(what, "has %d bits a channel".formatted(bits));
      }
    }
    int width = image.getWidth();
    int height = image.getHeight();
    int channels = model.hasAlpha() ? 4 : 3;
    byte[] pixels = new byte[width * height * channels];
    boolean grey = space == ColorSpace.TYPE_GRAY;
    int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < packed.length; i++) {
      int value = packed[i];
      if (grey) {
        int level = image.getRaster().getSample(i % width, i / width, 0);
        value = (value & 0xff000000) | level * 0x010101;
      }
      pixels[i * channels] = (byte) (value >> 16);
      pixels[i * channels + 1] = (byte) (value >> 8);
      pixels[i * channels + 2] = (byte) value;
      if (channels == 4) {
        pixels[i * channels + 3] = (byte) (value >> 24);
      }
    }
    return new Bitmap(width, height, channels, pixels);
  }

  private static GoldenException refused(String what, String why) {
    return new GoldenException(
        "%s %s, and only 8 bits a channel, grey or RGB, can be compared: draw it onto a BufferedImage.TYPE_3BYTE_BGR first"
            .formatted(what, why));
  }
}
