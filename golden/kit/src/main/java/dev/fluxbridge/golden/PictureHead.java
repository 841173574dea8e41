package dev.fluxbridge.golden;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * What the bytes of a picture file say of themselves, before anybody decodes them: decoders take
 * half a JPEG for a whole one with a grey rest, and 16 bits for 8.
 *
 * @param mediaType for example {@code image/png}
 * @param alpha whether it may be transparent somewhere
 */
record PictureHead(String mediaType, boolean alpha) {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final long MOST_PIXELS = 64_000_000;
  private static final int PALETTE = 3;
  private static final int WITH_ALPHA = 4;

  /**
   * Looks at every part of the file but the pixels.
   *
   * @param what the file, for messages
   * @throws GoldenException for a file that is not whole, or that no comparison can take
   */
  static PictureHead of(byte[] bytes, String what) {
    if (starts(bytes, PNG)) {
      return png(bytes, what);
    }
    if (starts(bytes, new byte[] {(byte) 0xff, (byte) 0xd8})) {
      return jpeg(bytes, what);
    }
    if (text(bytes, 0, 4).equals("RIFF") && text(bytes, 8, 4).equals("WEBP")) {
      return webp(bytes, what);
    }
    if (text(bytes, 0, 4).equals("GIF8")) {
      throw refused(what, "is a GIF, with a palette and perhaps several frames");
    }
    throw new GoldenException(
        "%s is no picture: it starts with %s, and not as a PNG, JPEG or WebP file does"
            .formatted(what, hex(bytes)));
  }

  private static PictureHead png(byte[] bytes, String what) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    boolean alpha = false;
    int at = PNG.length;
    while (true) {
      if (bytes.length - at < 12
          || buffer.getInt(at) < 0
          || buffer.getInt(at) > bytes.length - at - 12) {
        throw new GoldenException(
            "%s is cut off: it ends after %d bytes, before its last part"
                .formatted(what, bytes.length));
      }
      int length = buffer.getInt(at);
      String type = text(bytes, at + 4, 4);
      CRC32 sum = new CRC32();
      sum.update(bytes, at + 4, length + 4);
      if ((int) sum.getValue() != buffer.getInt(at + 8 + length)) {
        throw new GoldenException(
            "%s is damaged: its part %s at byte %d has another checksum".formatted(what, type, at));
      }
      switch (type) {
        case "IHDR" -> alpha = header(buffer, at + 8, what);
        case "tRNS" -> alpha = true;
        case "acTL" -> throw refused(what, "is animated");
        case "IEND" -> {
          return new PictureHead("image/png", alpha);
        }
        default -> {}
      }
      at += 12 + length;
    }
  }

  /** Whether its colours come with alpha. */
  private static boolean header(ByteBuffer buffer, int at, String what) {
    bounded((long) buffer.getInt(at) * buffer.getInt(at + 4), what);
    int bits = buffer.get(at + 8);
    int colours = buffer.get(at + 9);
    if (colours == PALETTE) {
      throw refused(what, "has a palette");
    }
    if (bits != 8) {
      throw refused(what, "has %d bits a channel".formatted(bits));
    }
    return (colours & WITH_ALPHA) != 0;
  }

  private static PictureHead jpeg(byte[] bytes, String what) {
    int end = bytes.length;
    while (end > 2 && bytes[end - 1] == 0) {
      end--;
    }
    if ((bytes[end - 2] & 0xff) != 0xff || (bytes[end - 1] & 0xff) != 0xd9) {
      throw new GoldenException(
          "%s is cut off: it ends after %d bytes, without a JPEG's end mark"
              .formatted(what, bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (int at = 2; at + 10 <= end; at += 2 + (buffer.getShort(at + 2) & 0xffff)) {
      int mark = buffer.getShort(at) & 0xffff;
      boolean frame =
          mark >= 0xffc0 && mark <= 0xffcf && mark != 0xffc4 && mark != 0xffc8 && mark != 0xffcc;
      if (frame) {
        if (bytes[at + 4] != 8) {
          throw refused(what, "has %d bits a channel".formatted(bytes[at + 4]));
        }
        if (bytes[at + 9] == 4) {
          throw refused(what, "is in CMYK, the colours of printers");
        }
        bounded(
            (long) (buffer.getShort(at + 5) & 0xffff) * (buffer.getShort(at + 7) & 0xffff), what);
        return new PictureHead("image/jpeg", false);
      }
    }
    throw new GoldenException(what + " is damaged: it is a JPEG without a frame");
  }

  private static PictureHead webp(byte[] bytes, String what) {
    long size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xffffffffL;
    if (bytes.length < 30 || size + 8 > bytes.length) {
      throw new GoldenException(
          "%s is cut off: it has %d bytes of %d".formatted(what, bytes.length, size + 8));
    }
    boolean extended = text(bytes, 12, 4).equals("VP8X");
    if (extended && (bytes[20] & 0x02) != 0) {
      throw refused(what, "is animated");
    }
    // Lossless ones say of alpha only deeper inside.
    return new PictureHead("image/webp", !text(bytes, 12, 4).equals("VP8 "));
  }

  private static void bounded(long pixels, String what) {
    if (pixels < 1 || pixels > MOST_PIXELS) {
      throw refused(what, "has %d pixels, and 1 to %d are taken".formatted(pixels, MOST_PIXELS));
    }
  }

  private static GoldenException refused(String what, String why) {
    return new GoldenException(
        "%s %s, and only one still picture of 8 bits a channel, grey or RGB, can be compared: convert it first"
            .formatted(what, why));
  }

  private static boolean starts(byte[] bytes, byte[] magic) {
    return bytes.length > magic.length + 4
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  private static String text(byte[] bytes, int at, int length) {
    return bytes.length < at + length
        ? ""
        : new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }

  private static String hex(byte[] bytes) {
    return bytes.length == 0
        ? "nothing"
        : HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(8, bytes.length));
  }
}
