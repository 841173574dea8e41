package dev.fluxbridge.golden;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. Stateless. */
final class Sha256 {
  private static final int FLOATS_AT_ONCE = 1 << 14;

  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Of their bytes as 32-bit numbers, little endian. */
  static String of(float[] values) {
    MessageDigest digest = digest();
    ByteBuffer buffer =
        ByteBuffer.allocate(FLOATS_AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int start = 0; start < values.length; start += FLOATS_AT_ONCE) {
      int count = Math.min(FLOATS_AT_ONCE, values.length - start);
      buffer.clear();
      buffer.asFloatBuffer().put(values, start, count);
      buffer.limit(count * Float.BYTES);
      digest.update(buffer);
    }
    return hex(digest);
  }
}
