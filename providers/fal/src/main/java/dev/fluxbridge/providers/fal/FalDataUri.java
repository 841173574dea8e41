package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;

/**
 * A small file inside of an address: most {@code *_url} fields of endpoints take one. For more than
 * some kilobytes an upload is better: fal keeps inputs with a request, and they count as its size.
 * Immutable, as long as nobody writes into the bytes.
 *
 * <p>Source: RFC 2397.
 *
 * @param mediaType for example {@code image/png}
 * @param bytes what it holds; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a file's bytes, compared by nobody
public record FalDataUri(String mediaType, byte[] bytes) {

  /**
   * Checks the type.
   *
   * @throws IllegalArgumentException if that is no media type
   */
  public FalDataUri {
    if (!MediaTypes.valid(mediaType)) {
      throw new IllegalArgumentException("a media type looks like image/png");
    }
  }

  /** The address. */
  public String text() {
    return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Reads an address, in base64 or with percent signs.
   *
   * @param text begins with {@code data:}
   * @param maxBytes the longest that it may hold
   * @throws IllegalArgumentException if it is no data URI or holds more; its text is not repeated
   */
  public static FalDataUri parse(String text, long maxBytes) {
    int comma = text.indexOf(',');
    if (!text.regionMatches(true, 0, "data:", 0, 5) || comma < 0) {
      throw new IllegalArgumentException("that is no data URI: it looks like data:image/png,...");
    }
    String head = text.substring(5, comma);
    boolean base64 = head.toLowerCase(Locale.ROOT).endsWith(";base64");
    String type = base64 ? head.substring(0, head.length() - 7) : head;
    if (type.isEmpty() || type.startsWith(";")) {
      type = "text/plain" + (type.isEmpty() ? ";charset=US-ASCII" : type);
    }
    byte[] bytes = base64 ? base64(text, comma + 1, maxBytes) : percent(text, comma + 1, maxBytes);
    if (bytes.length > maxBytes) {
      throw tooLong(maxBytes);
    }
    return new FalDataUri(type, bytes);
  }

  private static byte[] base64(String text, int from, long maxBytes) {
    // judged by its length, before anything is made of it
    if ((text.length() - from) / 4L * 3 > maxBytes + 2) {
      throw tooLong(maxBytes);
    }
    try {
      return Base64.getDecoder().decode(text.substring(from).getBytes(ISO_8859_1));
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException("the data URI is not base64 as it says");
    }
  }

  private static byte[] percent(String text, int from, long maxBytes) {
    if ((text.length() - from) / 3 > maxBytes) {
      throw tooLong(maxBytes);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] ascii = text.substring(from).getBytes(US_ASCII);
    for (int i = 0; i < ascii.length; i++) {
      if (ascii[i] != '%') {
        bytes.write(ascii[i]);
        continue;
      }
      int high = i + 2 < ascii.length ? Character.digit(ascii[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(ascii[i + 2], 16);
      if (low < 0) {
        throw new IllegalArgumentException("the data URI has a percent sign without two digits");
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    return bytes.toByteArray();
  }

  private static IllegalArgumentException tooLong(long maxBytes) {
    return new IllegalArgumentException("the data URI holds more than " + maxBytes + " bytes");
  }

  /** Tells type and size. */
  @Override
  public String toString() {
    return "FalDataUri[" + mediaType + " of " + bytes.length + " bytes]";
  }
}
