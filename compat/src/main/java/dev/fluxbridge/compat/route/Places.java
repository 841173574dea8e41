package dev.fluxbridge.compat.route;

import dev.fluxbridge.providers.Task;
import java.nio.charset.StandardCharsets;
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

  /** What makes tasks independent. Of the name, so that a task more moves no key. */
  private static final Map<Task, Integer> SEEDS = new EnumMap<>(Task.class);

  static {
    for (Task task : Task.values()) {
      SEEDS.put(task, task.label().hashCode());
    }
  }

  private Places() {}

  static long of(Task task, String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    int start = name.length;
    long number = 0;
    for (long one = 1; start > 0 && name.length - start < DIGITS; one *= 10) {
      int digit = name[start - 1] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number += digit * one;
      start--;
    }
    int seed = Objects.requireNonNull(SEEDS.get(task));
    long[] hash = MurmurHash3.hash128x64(name, 0, start, seed);
    if (start == name.length) {
      return scaled(hash[0]);
    }
    hash[0] = mix(hash[0] ^ mix(number >>> HAND_BITS));
    hash[1] = mix(hash[1] + hash[0]);
    long part = shuffled((int) number & ((1 << HAND_BITS) - 1), hash);
    long within = mix(hash[1] ^ mix(hash[0] + number));
    return scaled(part << (Long.SIZE - HAND_BITS) | within >>> HAND_BITS);
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
