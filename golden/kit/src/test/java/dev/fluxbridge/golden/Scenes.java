package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pictures of a small world: a shape in a colour on a background in a colour, as the prompt says,
 * with a composition and a shading of the seed.
 */
final class Scenes {
  static final List<Color> COLOURS =
      List.of(
          new Color(220, 40, 40),
          new Color(40, 170, 60),
          new Color(40, 80, 220),
          new Color(240, 220, 50),
          new Color(245, 135, 25),
          new Color(150, 50, 180));
  static final List<Color> BACKGROUNDS =
      List.of(new Color(245, 245, 245), new Color(20, 20, 20), new Color(170, 170, 170));

  private Scenes() {}

  /**
   * What a prompt says.
   *
   * @param shape 0 circle, 1 square, 2 triangle
   */
  record Prompt(int shape, Color colour, Color background) {
    static Prompt random(Random random) {
      return new Prompt(
          random.nextInt(3),
          COLOURS.get(random.nextInt(COLOURS.size())),
          BACKGROUNDS.get(random.nextInt(BACKGROUNDS.size())));
    }

    /** Another colour of the shape, another shape, or both. */
    Prompt mutated(Random random) {
      while (true) {
        Prompt other = new Prompt(random.nextInt(3), random(random).colour, background);
        if (!other.equals(this)) {
          return other;
        }
      }
    }
  }

  /** The same for the same prompt and seed, but for noise. */
  static Bitmap draw(Prompt prompt, long seed, int side) {
    Random random = new Random(seed * 31 + 7);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Color background = prompt.background;
    graphics.setPaint(
        new java.awt.GradientPaint(
            0, 0, background, random.nextInt(side) + 1, side, shaded(background, random)));
    graphics.fillRect(0, 0, side, side);
    double half = side * (0.15 + 0.12 * random.nextDouble());
    double x = half + random.nextDouble() * (side - 2 * half);
    double y = half + random.nextDouble() * (side - 2 * half);
    graphics.setPaint(prompt.colour);
    graphics.fill(shape(prompt.shape, x, y, half));
    graphics.dispose();
    return bitmap(image);
  }

  private static Color shaded(Color colour, Random random) {
    int by = 20 + random.nextInt(20);
    int sign = colour.getRed() > 127 ? -1 : 1;
    return new Color(
        colour.getRed() + sign * by, colour.getGreen() + sign * by, colour.getBlue() + sign * by);
  }

  private static java.awt.Shape shape(int kind, double x, double y, double half) {
    if (kind == 0) {
      return new Ellipse2D.Double(x - half, y - half, 2 * half, 2 * half);
    }
    if (kind == 1) {
      return new Rectangle2D.Double(x - half, y - half, 2 * half, 2 * half);
    }
    Path2D triangle = new Path2D.Double();
    triangle.moveTo(x, y - half);
    triangle.lineTo(x + half, y + half);
    triangle.lineTo(x - half, y + half);
    triangle.closePath();
    return triangle;
  }

  static Bitmap noisy(Bitmap picture, double levels, long seed) {
    Random random = new Random(seed);
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      double value = (pixels[i] & 0xff) + levels * random.nextGaussian();
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
    }
    return new Bitmap(picture.width(), picture.height(), picture.channels(), pixels);
  }

  static Bitmap swapped(Bitmap picture) {
    byte[] pixels = picture.pixels().clone();
    for (int i = 0; i < pixels.length; i += 3) {
      byte red = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = red;
    }
    return new Bitmap(picture.width(), picture.height(), 3, pixels);
  }

  /** White where it is repainted: a rectangle in the middle. */
  static Bitmap mask(int side) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % side;
      int y = i / side;
      boolean inside = x >= side / 4 && x < side * 3 / 4 && y >= side / 4 && y < side * 3 / 4;
      pixels[i] = (byte) (inside ? 255 : 0);
    }
    return new Bitmap(side, side, 1, pixels);
  }

  /** The second where the mask is white, else the first. */
  static Bitmap laidOver(Bitmap under, Bitmap over, Bitmap mask) {
    byte[] pixels = under.pixels().clone();
    for (int i = 0; i < mask.pixels().length; i++) {
      if (mask.pixels()[i] != 0) {
        System.arraycopy(over.pixels(), i * 3, pixels, i * 3, 3);
      }
    }
    return new Bitmap(under.width(), under.height(), 3, pixels);
  }

  static byte[] jpeg(Bitmap picture, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image(picture), null, null), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  static Bitmap decoded(byte[] file) {
    try {
      return bitmap(ImageIO.read(new ByteArrayInputStream(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static BufferedImage image(Bitmap picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int at = i * 3;
      byte[] p = picture.pixels();
      int rgb = (p[at] & 0xff) << 16 | (p[at + 1] & 0xff) << 8 | (p[at + 2] & 0xff);
      image.setRGB(i % picture.width(), i / picture.width(), rgb);
    }
    return image;
  }

  private static Bitmap bitmap(BufferedImage image) {
    return ImagesOfTheJdk.bitmap(image, "scene");
  }
}
