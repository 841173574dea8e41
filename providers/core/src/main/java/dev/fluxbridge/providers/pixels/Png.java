package dev.fluxbridge.providers.pixels;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fluxbridge.providers.Bitmap;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes pictures as PNG files of 8 bits a channel; it reads none. The same picture always becomes
 * the same bytes. Stateless and safe for use by several threads.
 *
 * <p>Source: ISO/IEC 15948.
 */
public final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  /** The filter that keeps each pixel's difference to the one above: small numbers pack well. */
  private static final byte UP = 2;

  private Png() {}

  /** The file. */
  public static byte[] encode(Bitmap picture) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    byte colour = (byte) (picture.channels() == 1 ? 0 : picture.channels() == 3 ? 2 : 6);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(picture.width()).putInt(picture.height());
    chunk(file, "IHDR", header.put((byte) 8).put(colour).array(), 13);
    data(file, picture);
    chunk(file, "IEND", new byte[0], 0);
    return file.toByteArray();
  }

  private static void data(ByteArrayOutputStream file, Bitmap picture) {
    Deflater deflater = new Deflater();
    try {
      byte[] packed = new byte[1 << 16];
      int length = picture.width() * picture.channels();
      byte[] row = new byte[length + 1];
      row[0] = UP;
      byte[] pixels = picture.pixels();
      for (int y = 0; y < picture.height(); y++) {
        for (int i = 0; i < length; i++) {
          int above = y == 0 ? 0 : pixels[(y - 1) * length + i];
          row[i + 1] = (byte) (pixels[y * length + i] - above);
        }
        deflater.setInput(row);
        drain(file, deflater, packed);
      }
      deflater.finish();
      drain(file, deflater, packed);
    } finally {
      deflater.end();
    }
  }

  private static void drain(ByteArrayOutputStream file, Deflater deflater, byte[] packed) {
    for (int got = deflater.deflate(packed); got > 0; got = deflater.deflate(packed)) {
      chunk(file, "IDAT", packed, got);
    }
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] data, int length) {
    byte[] name = type.getBytes(US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    file.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    file.writeBytes(name);
    file.write(data, 0, length);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
