package dev.fluxbridge.providers.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a picture file says of itself, read from its header without decoding it. Where it holds
 * frames, the largest counts: a decoder makes room for a frame, whatever the canvas says.
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
        return Optional.of(gif(in.order(ByteOrder.LITTLE_ENDIAN)));
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

  private static ImageFile gif(ByteBuffer in) {
    int width = Short.toUnsignedInt(in.getShort(6));
    int height = Short.toUnsignedInt(in.getShort(8));
    int at = 13 + colours(in.get(10));
    boolean whole = false;
    try {
      while (!whole) {
        int block = in.get(at++) & 0xff;
        if (block == 0x2c) { // a frame
          width = Math.max(width, Short.toUnsignedInt(in.getShort(at + 4)));
          height = Math.max(height, Short.toUnsignedInt(in.getShort(at + 6)));
          at += 9 + colours(in.get(at + 8)) + 1;
          at = afterPieces(in, at);
        } else if (block == 0x21) { // an extension
          at = afterPieces(in, at + 1);
        } else if (block == 0x3b) {
          whole = true;
        } else if (block != 0) { // some writers pad with zeros
          break; // whatever follows, no reader goes on
        }
      }
    } catch (IndexOutOfBoundsException cutShort) {
      whole = false;
    }
    return new ImageFile("image/gif", width, height, whole);
  }

  /** Bytes of a table of colours. */
  private static int colours(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int afterPieces(ByteBuffer in, int from) {
    int at = from;
    while (in.get(at) != 0) {
      at += 1 + (in.get(at) & 0xff);
    }
    return at + 1;
  }

  private static Optional<ImageFile> webp(byte[] bytes, ByteBuffer in) {
    boolean whole = Integer.toUnsignedLong(in.getInt(4)) + 8 <= in.limit();
    long[] size = {0, 0};
    frame(bytes, in, 12, size);
    if (size[0] == 0 && size[1] == 0) {
      return Optional.empty();
    }
    if (starts(bytes, 12, "VP8X")) {
      frames(bytes, in, 12, in.limit(), size);
    }
    return Optional.of(new ImageFile("image/webp", size[0], size[1], whole));
  }

  /** Looks at each chunk from here to there, and into those that hold an animation's frames. */
  private static void frames(byte[] bytes, ByteBuffer in, long from, long to, long[] size) {
    long at = from;
    while (at + 8 <= to) {
      long length = Integer.toUnsignedLong(in.getInt((int) at + 4));
      try {
        frame(bytes, in, (int) at, size);
      } catch (IndexOutOfBoundsException cutShort) {
        return; // nobody can draw it, and whether the file is whole is known
      }
      if (starts(bytes, (int) at, "ANMF")) {
        at += 8 + 16; // chunks inside follow its own fields
      } else {
        at += 8 + length + (length & 1);
      }
    }
  }

  /** Widens the size to that of the chunk here, if it has one. */
  private static void frame(byte[] bytes, ByteBuffer in, int at, long[] size) {
    String chunk = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    long width = 0;
    long height = 0;
    switch (chunk) {
      case "VP8 " -> {
        width = in.getShort(at + 14) & 0x3fff;
        height = in.getShort(at + 16) & 0x3fff;
      }
      case "VP8L" -> {
        int bits = in.getInt(at + 9);
        width = 1L + (bits & 0x3fff);
        height = 1L + ((bits >>> 14) & 0x3fff);
      }
      case "VP8X" -> {
        width = 1L + (in.getInt(at + 12) & 0xffffff);
        height = 1L + (in.getInt(at + 14) >>> 8);
      }
      case "ANMF" -> {
        width = 1L + (in.getInt(at + 14) & 0xffffff);
        height = 1L + (in.getInt(at + 16) >>> 8);
      }
      default -> {}
    }
    size[0] = Math.max(size[0], width);
    size[1] = Math.max(size[1], height);
  }
}
