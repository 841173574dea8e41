package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MessagePack, as far as it is the values of JSON and bytes. Pure.
 *
 * <p>Values are null, {@link Boolean}, numbers, {@link String}, {@code byte[]}, collections and
 * maps; what is read has {@link Long}, {@link BigInteger} above that, and {@link Double} for
 * numbers. Bytes of an extension type are read as bytes.
 *
 * <p>Source: the MessagePack specification.
 */
final class MsgPack {
  private static final int DEEPEST = 100;
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64);

  private MsgPack() {}

  /**
   * The bytes of a value.
   *
   * @throws IllegalArgumentException if something in it is of no such kind; it names where
   */
  static byte[] write(@Nullable Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(value, new DataOutputStream(bytes), "", 0);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(@Nullable Object value, DataOutputStream out, String at, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("more than " + DEEPEST + " levels deep");
    }
    if (value == null) {
      out.write(0xc0);
    } else if (value instanceof Boolean truth) {
      out.write(truth ? 0xc3 : 0xc2);
    } else if (value instanceof String text) {
      byte[] utf8 = text.getBytes(UTF_8);
      size(out, utf8.length, 32, 0xa0, 0xd9);
      out.write(utf8);
    } else if (value instanceof byte[] raw) {
      size(out, raw.length, 0, 0, 0xc4);
      out.write(raw);
    } else if (value instanceof Number number) {
      write(number, out, at);
    } else if (value instanceof Collection<?> list) {
      size(out, list.size(), 16, 0x90, 0xdb);
      int index = 0;
      for (Object item : list) {
        write(item, out, at + "[" + index++ + "]", depth + 1);
      }
    } else if (value instanceof Map<?, ?> map) {
      size(out, map.size(), 16, 0x80, 0xdd);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String key)) {
          throw new IllegalArgumentException("a key " + where(at) + " is not a text");
        }
        write(key, out, at, depth + 1);
        write(entry.getValue(), out, at.isEmpty() ? key : at + "." + key, depth + 1);
      }
    } else {
      throw new IllegalArgumentException(
          "the value " + where(at) + " is a " + value.getClass().getName());
    }
  }

  private static String where(String at) {
    return at.isEmpty() ? "at the top" : "at '" + FalErrors.cut(at) + "'";
  }

  /**
   * A kind byte and a size.
   *
   * @param fixed below this the size stands in the kind byte itself
   * @param wide the kind with one byte of size; two bytes for lists and maps, which have no one
   */
  private static void size(DataOutputStream out, int size, int fixed, int small, int wide)
      throws IOException {
    boolean oneByte = wide != 0xdb && wide != 0xdd;
    if (size < fixed) {
      out.write(small | size);
    } else if (oneByte && size < 1 << 8) {
      out.write(wide);
      out.write(size);
    } else if (size < 1 << 16) {
      out.write(wide + 1);
      out.writeShort(size);
    } else {
      out.write(wide + 2);
      out.writeInt(size);
    }
  }

  private static void write(Number number, DataOutputStream out, String at) throws IOException {
    if (number instanceof Float real) {
      out.write(0xca);
      out.writeFloat(real);
    } else if (number instanceof Double || number instanceof BigDecimal) {
      out.write(0xcb);
      out.writeDouble(number.doubleValue());
    } else if (number instanceof BigInteger big) {
      write(big, out, at);
    } else if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte) {
      write(number.longValue(), out);
    } else {
      throw new IllegalArgumentException(
          "the value " + where(at) + " is a " + number.getClass().getName());
    }
  }

  private static void write(BigInteger big, DataOutputStream out, String at) throws IOException {
    if (big.bitLength() < Long.SIZE) {
      write(big.longValueExact(), out);
    } else if (big.signum() > 0 && big.compareTo(MOST) < 0) {
      out.write(0xcf);
      out.writeLong(big.longValue());
    } else {
      throw new IllegalArgumentException("the number " + where(at) + " has more than 64 bits");
    }
  }

  private static void write(long n, DataOutputStream out) throws IOException {
    if (n >= -32 && n < 128) {
      out.write((int) n);
    } else if (n >= 0 && n < 1L << 32) {
      unsigned((int) n, n < 1 << 8, n < 1 << 16, out);
    } else if (n >= 0) {
      out.write(0xcf);
      out.writeLong(n);
    } else if (n >= Byte.MIN_VALUE) {
      out.write(0xd0);
      out.write((int) n);
    } else if (n >= Short.MIN_VALUE) {
      out.write(0xd1);
      out.writeShort((int) n);
    } else if (n >= Integer.MIN_VALUE) {
      out.write(0xd2);
      out.writeInt((int) n);
    } else {
      out.write(0xd3);
      out.writeLong(n);
    }
  }

  private static void unsigned(int n, boolean oneByte, boolean twoBytes, DataOutputStream out)
      throws IOException {
    if (oneByte) {
      out.write(0xcc);
      out.write(n);
    } else if (twoBytes) {
      out.write(0xcd);
      out.writeShort(n);
    } else {
      out.write(0xce);
      out.writeInt(n);
    }
  }

  /** A value that was read, which may be null. */
  record Read(@Nullable Object value) {}

  /** The one value in the bytes; empty if they are anything else. */
  static Optional<Read> read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      Object value = read(in, 0);
      return in.hasRemaining() ? Optional.empty() : Optional.of(new Read(value));
    } catch (BufferUnderflowException | IllegalArgumentException garbage) {
      return Optional.empty();
    }
  }

  private static @Nullable Object read(ByteBuffer in, int depth) {
    int kind = in.get() & 0xff;
    if (kind < 0x80) {
      return (long) kind;
    } else if (kind < 0x90) {
      return map(in, kind & 0xf, depth);
    } else if (kind < 0xa0) {
      return list(in, kind & 0xf, depth);
    } else if (kind < 0xc0) {
      return text(in, kind & 0x1f);
    } else if (kind >= 0xe0) {
      return (long) (byte) kind;
    }
    return switch (kind) {
      case 0xc0 -> null;
      case 0xc2 -> false;
      case 0xc3 -> true;
      case 0xc4 -> bytes(in, in.get() & 0xff);
      case 0xc5 -> bytes(in, in.getShort() & 0xffff);
      case 0xc6 -> bytes(in, in.getInt());
      case 0xc7 -> extension(in, in.get() & 0xff);
      case 0xc8 -> extension(in, in.getShort() & 0xffff);
      case 0xc9 -> extension(in, in.getInt());
      case 0xca -> (double) in.getFloat();
      case 0xcb -> in.getDouble();
      case 0xcc -> (long) (in.get() & 0xff);
      case 0xcd -> (long) (in.getShort() & 0xffff);
      case 0xce -> in.getInt() & 0xffffffffL;
      case 0xcf -> unsigned(in.getLong());
      case 0xd0 -> (long) in.get();
      case 0xd1 -> (long) in.getShort();
      case 0xd2 -> (long) in.getInt();
      case 0xd3 -> in.getLong();
      case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> extension(in, 1 << (kind - 0xd4));
      case 0xd9 -> text(in, in.get() & 0xff);
      case 0xda -> text(in, in.getShort() & 0xffff);
      case 0xdb -> text(in, in.getInt());
      case 0xdc -> list(in, in.getShort() & 0xffff, depth);
      case 0xdd -> list(in, in.getInt(), depth);
      case 0xde -> map(in, in.getShort() & 0xffff, depth);
      case 0xdf -> map(in, in.getInt(), depth);
      default -> throw new IllegalArgumentException("0xc1 is never used");
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0 ? bits : BigInteger.valueOf(bits).add(MOST);
  }

  /** Believes no size that what is left cannot hold: memory is taken for it. */
  private static int checked(ByteBuffer in, int size) {
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return size;
  }

  private static byte[] bytes(ByteBuffer in, int size) {
    byte[] bytes = new byte[checked(in, size)];
    in.get(bytes);
    return bytes;
  }

  private static byte[] extension(ByteBuffer in, int size) {
    in.get();
    return bytes(in, size);
  }

  private static String text(ByteBuffer in, int size) {
    return new String(bytes(in, size), UTF_8);
  }

  private static int deeper(int depth) {
    if (depth >= DEEPEST) {
      throw new IllegalArgumentException("too deep");
    }
    return depth + 1;
  }

  private static List<@Nullable Object> list(ByteBuffer in, int size, int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int left = checked(in, size); left > 0; left--) {
      list.add(read(in, deeper(depth)));
    }
    return Collections.unmodifiableList(list);
  }

  private static Map<String, @Nullable Object> map(ByteBuffer in, int size, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int left = checked(in, size); left > 0; left--) {
      Object key = read(in, deeper(depth));
      if (!(key instanceof String || key instanceof Long || key instanceof byte[])) {
        throw new IllegalArgumentException("no key");
      }
      String name = key instanceof byte[] raw ? new String(raw, UTF_8) : key.toString();
      map.put(name, read(in, deeper(depth)));
    }
    return Collections.unmodifiableMap(map);
  }
}
