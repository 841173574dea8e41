package dev.fluxbridge.cli.standin;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * What the stand-in draws: the shape, colours and place that it finds in the prompt, by plain
 * geometry.
 */
final class Sketch {
  private static final Map<String, Color> COLOURS =
      Map.of(
          "red", new Color(220, 40, 40),
          "green", new Color(40, 170, 60),
          "blue", new Color(40, 80, 220),
          "yellow", new Color(240, 220, 50),
          "orange", new Color(245, 135, 25),
          "purple", new Color(150, 50, 180),
          "white", new Color(245, 245, 245),
          "black", new Color(15, 15, 15),
          "gray", new Color(128, 128, 128));

  private Sketch() {}

  static byte[] png(String prompt, int width, int height, long seed) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    List<String> words = List.of(prompt.toLowerCase(Locale.ROOT).split("[^a-z]+"));
    Color background = before(words, "background", Color.LIGHT_GRAY);
    pen.setColor(background);
    pen.fillRect(0, 0, width, height);
    pen.setColor(
        words.stream()
            .filter(COLOURS::containsKey)
            .map(COLOURS::get)
            .filter(colour -> !colour.equals(background))
            .findFirst()
            .orElse(Color.DARK_GRAY));
    pen.fill(shape(words, width, height, new Random(seed)));
    pen.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private static Color before(List<String> words, String word, Color otherwise) {
    int at = words.indexOf(word);
    return at > 0 ? COLOURS.getOrDefault(words.get(at - 1), otherwise) : otherwise;
  }

  private static Shape shape(List<String> words, int width, int height, Random jitter) {
    double radius = Math.min(width, height) * (words.contains("small") ? 0.14 : 0.24);
    double left = words.contains("left") ? 0.3 : words.contains("right") ? 0.7 : 0.5;
    double top = words.contains("top") ? 0.3 : words.contains("bottom") ? 0.7 : 0.5;
    double x = width * (left + jitter.nextDouble() * 0.02);
    double y = height * (top + jitter.nextDouble() * 0.02);
    if (words.contains("square")) {
      return new Rectangle2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    if (words.contains("triangle")) {
      return polygon(x, y, radius, 3, 1);
    }
    if (words.contains("star")) {
      return polygon(x, y, radius, 5, 0.42);
    }
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }

  /** Corners on a circle, with others between them further in: a polygon, or a star. */
  private static Polygon polygon(double x, double y, double radius, int corners, double inner) {
    Polygon polygon = new Polygon();
    for (int i = 0; i < 2 * corners; i++) {
      double r =
          i % 2 == 0 ? radius : inner == 1 ? radius * Math.cos(Math.PI / corners) : radius * inner;
      double angle = Math.PI * i / corners - Math.PI / 2;
      polygon.addPoint(
          (int) Math.round(x + r * Math.cos(angle)), (int) Math.round(y + r * Math.sin(angle)));
    }
    return polygon;
  }
}
