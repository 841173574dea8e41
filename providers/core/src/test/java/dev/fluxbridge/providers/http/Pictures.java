package dev.fluxbridge.providers.http;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** Picture files for tests: real ones from the JDK, and hand-made headers. */
final class Pictures {
  private Pictures() {}

  static byte[] of(String format, int width, int height) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /** A PNG that claims this size and ends right after; a real decoder would ask for the pixels. */
  static byte[] pngClaiming(int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(8 + 25 + 12);
    out.put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1));
    out.putInt(13).putInt(0x49484452).putInt(width).putInt(height);
    out.put(new byte[] {8, 2, 0, 0, 0}).putInt(0);
    out.putInt(0).putInt(0x49454e44).putInt(0xae426082);
    return out.array();
  }

  /** The beginning of a WebP file of one of its three kinds; {@code header} follows the length. */
  static byte[] webp(String chunk, byte... header) {
    ByteBuffer out = ByteBuffer.allocate(20 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + header.length);
    out.put("WEBP".getBytes(StandardCharsets.US_ASCII));
    out.put(chunk.getBytes(StandardCharsets.US_ASCII)).putInt(header.length).put(header);
    return out.array();
  }
}
