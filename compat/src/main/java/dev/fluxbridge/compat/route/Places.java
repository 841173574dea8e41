package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Gives each routing key its place among all calls: a number from 0 up to {@link Shares#WHOLE},
 * always the same for a task and a key, evenly spread, and of one task nothing tells of another.
 *
 * <p>Keys that end in a number are dealt like cards: of 1024 numbers in a row each gets another of
 * 1024 equal parts, in an order that is shuffled anew for every such hand. So a split of keys that
 * are counted up is exact to a few of them, where plain hashing is off by as much as flipping coins
 * would be; of any other choice of numbers it is no worse than that.
 */
final class Places {
  private static final int HAND_BITS = 10;
  private static final int HALF_BITS = HAND_BITS / 2;
  private static final int HALF = (1 << HALF_BITS) - 1;
  private static final int ROUNDS = 6;

  /** More digits than these do not fit into a long for certain. */
  private static final int DIGITS = 18;

  /** What comes before the key in the text that is hashed. */
  private static final Map<Task, byte[]> HEADS = new EnumMap<>(Task.class);

  static {
    for (Task task : Task.values()) {
      HEADS.put(task, (task.label() + '\n').getBytes(StandardCharsets.UTF_8));
    }
  }

  private Places() {}

  static long of(Task task, String key) {
    byte[] head = Objects.requireNonNull(HEADS.get(task));
    byte[] name = named(head, key);
    int end = name.length - 1 - DIGITS;
    int start = end;
    long number = 0;
    for (long one = 1; start > head.length && end - start < DIGITS; one *= 10) {
      int digit = name[start - 1] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number += digit * one;
      start--;
    }
    long whole = MurmurHash3.hash128x64(name, 0, end, 0)[0];
    if (start == end) {
      return scaled(whole);
    }
    long hand = number >>> HAND_BITS;
    long[] deck = MurmurHash3.hash128x64(name, 0, write(hand, name, start), 0);
    long part = shuffled((int) number & ((1 << HAND_BITS) - 1), deck);
    return scaled(part << (Long.SIZE - HAND_BITS) | whole >>> HAND_BITS);
  }

  /** Both in UTF-8, and room for what {@link #write} adds. */
  private static byte[] named(byte[] head, String key) {
    int length = key.length();
    byte[] name = Arrays.copyOf(head, head.length + length + 1 + DIGITS);
    for (int i = 0; i < length; i++) {
      char letter = key.charAt(i);
      if (letter > 0x7f) {
        byte[] tail = key.getBytes(StandardCharsets.UTF_8);
        name = Arrays.copyOf(head, head.length + tail.length + 1 + DIGITS);
        System.arraycopy(tail, 0, name, head.length, tail.length);
        return name;
      }
      name[head.length + i] = (byte) letter;
    }
    return name;
  }

  /** Writes a line feed and a number in decimal digits, and says where they end. */
  private static int write(long number, byte[] to, int start) {
    int end = start + 2;
    for (long left = number; left > 9; left /= 10) {
      end++;
    }
    to[start] = '\n';
    long left = number;
    for (int at = end - 1; at > start; at--) {
      to[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return end;
  }

  /** A Feistel network: whatever its rounds do, no two cards get one place. */
  private static int shuffled(int card, long[] deck) {
    int left = card >>> HALF_BITS;
    int right = card & HALF;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = mix(deck[round & 1] + (((long) round << HALF_BITS) | right));
      int next = left ^ (int) (mixed >>> (Long.SIZE - HALF_BITS));
      left = right;
      right = next;
    }
    return left << HALF_BITS | right;
  }

  /** Source: the finaliser of MurmurHash3, x64 variant, in the public domain. */
  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  /** 64 bits, taken as a fraction of 1, times {@link Shares#WHOLE}. */
  private static long scaled(long fraction) {
    return Math.multiplyHigh(fraction >>> 1, Shares.WHOLE << 1);
  }
}
