package dev.fluxbridge.cli.rollout;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

/**
 * A picture as a data address for the page: small files as they are, larger ones scaled down, so
 * that a page with many of them can still be sent to somebody.
 */
final class PictureData {
  private static final long AS_IT_IS = 200 * 1024;
  private static final long MOST_TO_READ = 64L * 1024 * 1024;
  private static final int LONGEST_SIDE = 640;
  private static final float QUALITY = 0.88f;

  private PictureData() {}

  /**
   * @throws IOException if it is no picture that can be shown, with a message for people
   */
  static String of(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MOST_TO_READ) {
      throw new IOException(file.getFileName() + " has " + size + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    String type = type(bytes);
    if (type.isEmpty()) {
      throw new IOException(file.getFileName() + " is no PNG, JPEG, WebP or GIF");
    }
    if (size <= AS_IT_IS) {
      return data(type, bytes);
    }
    return data("image/jpeg", jpeg(small(file)));
  }

  private static String data(String type, byte[] bytes) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  private static String type(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, 12), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n")) {
      return "image/png";
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (head.startsWith("RIFF") && head.endsWith("WEBP")) {
      return "image/webp";
    }
    return head.startsWith("GIF8") ? "image/gif" : "";
  }

  /** Read with rows and columns left out, so that a huge picture does not fill the memory. */
  private static BufferedImage small(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("nothing here can scale down " + file.getFileName());
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        int longest = Math.max(reader.getWidth(0), reader.getHeight(0));
        ImageReadParam parameters = reader.getDefaultReadParam();
        int every = Math.max(1, longest / (2 * LONGEST_SIDE));
        parameters.setSourceSubsampling(every, every, 0, 0);
        return scaled(reader.read(0, parameters));
      } finally {
        reader.dispose();
      }
    } catch (RuntimeException e) {
      // readers throw what they like on broken files
      throw new IOException(file.getFileName() + " is broken: " + e, e);
    }
  }

  private static BufferedImage scaled(BufferedImage large) {
    double scale =
        Math.min(1, LONGEST_SIDE / (double) Math.max(large.getWidth(), large.getHeight()));
    int width = Math.max(1, (int) Math.round(large.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(large.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = small.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(large, 0, 0, width, height, Color.WHITE, null);
    pen.dispose();
    return small;
  }

  private static byte[] jpeg(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
