package dev.fluxbridge.golden.onnx;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The files of tools/reference/onnx_measures.py. */
final class References {
  static final Path FOLDER = folder();

  private References() {}

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(References.class.getResource("distances.csv")).toURI())
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  static List<String> lines(String name) {
    try {
      return Files.readAllLines(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the line of versions and the heading. */
  static List<String[]> table(String name) {
    return lines(name).stream()
        .filter(line -> !line.startsWith("#"))
        .skip(1)
        .map(line -> line.split(",", -1))
        .toList();
  }

  static Bitmap picture(String name) {
    try {
      byte[] png = Files.readAllBytes(file(name + ".png"));
      return Bitmaps.of(new Picture.Encoded(png, "image/png"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static float[] floats(String name) {
    try {
      FloatBuffer buffer =
          ByteBuffer.wrap(Files.readAllBytes(file(name)))
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
