package dev.fluxbridge.golden.metrics;

import dev.fluxbridge.providers.Bitmap;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The pictures and tables of tools/reference/metrics.py. */
final class Goldens {
  private Goldens() {}

  /** The lines of a table without its heading. */
  static List<String[]> table(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split(",", -1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For example {@code piq 0.8.0}: the package that measured, as a table's first line names it. */
  static String version(String packageName) {
    try (InputStream in = open("metrics.csv")) {
      String first =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().get();
      return Stream.of(first.substring(2).split(", ", -1))
          .filter(one -> one.startsWith(packageName + " "))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Bitmap picture(String name) {
    BufferedImage image;
    try (InputStream in = open(name + ".png")) {
      image = ImageIO.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Raster raster = image.getRaster();
    int channels = raster.getNumBands();
    int[] samples = raster.getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    byte[] pixels = new byte[samples.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) samples[i];
    }
    return new Bitmap(image.getWidth(), image.getHeight(), channels, pixels);
  }

  /** Numbers that no byte stands for, by the formula of the script. */
  static FloatPicture curved(String name) {
    Bitmap picture = picture(name);
    float[] values = new float[picture.pixels().length];
    for (int i = 0; i < values.length; i++) {
      float value = (picture.pixels()[i] & 0xff) / 255f;
      values[i] = value * value * 0.9f + 0.05f;
    }
    return new FloatPicture(picture.width(), picture.height(), picture.channels(), values);
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(Goldens.class.getResourceAsStream(name), name);
  }
}
