package dev.fluxbridge.providers.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a picture file says of itself, read from its header without decoding it.
 *
 * <p>Source: PNG (ISO/IEC 15948), JPEG (ITU-T T.81 annex B), the WebP container (RFC 9649), GIF89a.
 *
 * @param mediaType for example {@code image/png}
 * @param width pixels
 * @param height pixels
 * @param whole whether the file reaches its own end mark
 */
record ImageFile(String mediaType, long width, long height, boolean whole) {

  /** Looks at the bytes, whatever anybody says they are; empty if they are none of the four. */
  static Optional<ImageFile> read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      if (starts(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
        return Optional.of(png(in));
      }
      if (starts(bytes, 0, "\u00ff\u00d8\u00ff")) {
        return jpeg(in);
      }
      if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP")) {
        return webp(bytes, in.order(ByteOrder.LITTLE_ENDIAN));
      }
      if (starts(bytes, 0, "GIF87a") || starts(bytes, 0, "GIF89a")) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        int width = Short.toUnsignedInt(in.getShort(6));
        int height = Short.toUnsignedInt(in.getShort(8));
        return Optional.of(new ImageFile("image/gif", width, height, true));
      }
    } catch (IndexOutOfBoundsException headerCutShort) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean starts(byte[] bytes, int at, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= at + wanted.length
        && java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static ImageFile png(ByteBuffer in) {
    if (in.getInt(12) != 0x49484452) { // IHDR comes first
      throw new IndexOutOfBoundsException();
    }
    long width = Integer.toUnsignedLong(in.getInt(16));
    long height = Integer.toUnsignedLong(in.getInt(20));
    boolean whole = false;
    long at = 8;
    while (!whole && at + 12 <= in.limit()) {
      long length = Integer.toUnsignedLong(in.getInt((int) at));
      whole = in.getInt((int) at + 4) == 0x49454e44 && length == 0; // IEND
      at += 12 + length;
    }
    return new ImageFile("image/png", width, height, whole);
  }

  private static Optional<ImageFile> jpeg(ByteBuffer in) {
    int at = 2;
    while (true) {
      while ((in.get(at) & 0xff) == 0xff) {
        at++;
      }
      int marker = in.get(at++) & 0xff;
      boolean frame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (frame) {
        int height = Short.toUnsignedInt(in.getShort(at + 3));
        int width = Short.toUnsignedInt(in.getShort(at + 5));
        return Optional.of(new ImageFile("image/jpeg", width, height, endsAsJpeg(in)));
      }
      if (marker == 0xd9 || marker == 0xda) {
        return Optional.empty(); // pixels or the end before a size
      }
      boolean alone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
      at += alone ? 0 : Math.max(2, Short.toUnsignedInt(in.getShort(at)));
      if ((in.get(at) & 0xff) != 0xff) {
        return Optional.empty();
      }
    }
  }

  private static boolean endsAsJpeg(ByteBuffer in) {
    for (int at = in.limit() - 2; at >= 2; at--) {
      if ((in.get(at) & 0xff) == 0xff && (in.get(at + 1) & 0xff) == 0xd9) {
        return true;
      }
    }
    return false;
  }

  private static Optional<ImageFile> webp(byte[] bytes, ByteBuffer in) {
    boolean whole = Integer.toUnsignedLong(in.getInt(4)) + 8 <= in.limit();
    String chunk = new String(bytes, 12, 4, StandardCharsets.ISO_8859_1);
    long width;
    long height;
    switch (chunk) {
      case "VP8 " -> {
        width = in.getShort(26) & 0x3fff;
        height = in.getShort(28) & 0x3fff;
      }
      case "VP8L" -> {
        int bits = in.getInt(21);
        width = 1L + (bits & 0x3fff);
        height = 1L + ((bits >>> 14) & 0x3fff);
      }
      case "VP8X" -> {
        width = 1L + (in.getInt(24) & 0xffffff);
        height = 1L + (in.getInt(26) >>> 8);
      }
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(new ImageFile("image/webp", width, height, whole));
  }
}
