package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import java.nio.charset.StandardCharsets;
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

  private Places() {}

  static long of(Task task, String key) {
    int end = key.length();
    int start = end;
    while (start > 0 && end - start < DIGITS && isDigit(key.charAt(start - 1))) {
      start--;
    }
    String name = task.label() + '\n' + key;
    if (start == end) {
      return scaled(hash(name)[0]);
    }
    long number = Long.parseLong(key, start, end, 10);
    long hand = number >>> HAND_BITS;
    long[] deck = hash(task.label() + '\n' + key.substring(0, start) + '\n' + hand);
    long part = shuffled((int) number & ((1 << HAND_BITS) - 1), deck);
    return scaled(part << (Long.SIZE - HAND_BITS) | hash(name)[0] >>> HAND_BITS);
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
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

  private static long[] hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return MurmurHash3.hash128x64(bytes, 0, bytes.length, 0);
  }

  /** 64 bits, taken as a fraction of 1, times {@link Shares#WHOLE}. */
  private static long scaled(long fraction) {
    return Math.multiplyHigh(fraction >>> 1, Shares.WHOLE << 1);
  }
}
