package dev.fluxbridge.golden.roads;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** What stand-ins draw, and files of pictures. */
final class Pictures {
  private Pictures() {}

  /** A circle on white. */
  static BufferedImage circle(Color colour, int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, side, side);
    pen.setColor(colour);
    pen.fillOval(side / 8, side / 4, side / 2, side / 2);
    pen.dispose();
    return image;
  }

  /** Left is right. */
  static BufferedImage turned(BufferedImage image) {
    int side = image.getWidth();
    BufferedImage turned = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < side * side; i++) {
      turned.setRGB(side - 1 - i % side, i / side, image.getRGB(i % side, i / side));
    }
    return turned;
  }

  /** Red is blue. */
  static BufferedImage swapped(BufferedImage image) {
    int side = image.getWidth();
    BufferedImage swapped = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < side * side; i++) {
      int rgb = image.getRGB(i % side, i / side);
      swapped.setRGB(
          i % side, i / side, (rgb & 0xff00) | ((rgb & 0xff) << 16) | ((rgb >> 16) & 0xff));
    }
    return swapped;
  }

  static byte[] file(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  static BufferedImage scaled(BufferedImage image, int side) {
    BufferedImage scaled = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = scaled.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    pen.drawImage(image, 0, 0, side, side, null);
    pen.dispose();
    return scaled;
  }

  static byte[] png(Bitmap bitmap) {
    return Bitmaps.png(bitmap);
  }
}
