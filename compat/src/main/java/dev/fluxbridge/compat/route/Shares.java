package dev.fluxbridge.compat.route;

import java.math.BigDecimal;

/**
 * Shares of calls, counted in millionths of a percent so that they add up: {@link #WHOLE} of them
 * are all calls.
 */
public final class Shares {
  /** All calls: 100 %. */
  public static final long WHOLE = 100_000_000;

  private static final int DECIMALS = 6;

  private Shares() {}

  /**
   * A share as people write it.
   *
   * @param percent 0 to 100, with up to six decimals, for example {@code 0.001}; a percent sign may
   *     follow
   * @throws IllegalArgumentException if it is none, with a message that completes "... says "
   */
  public static long parse(String percent) {
    String number = percent.strip();
    if (number.endsWith("%")) {
      number = number.substring(0, number.length() - 1).strip();
    }
    if (!number.matches("\\d{1,3}(\\.\\d{1,6})?")) {
      throw new IllegalArgumentException(
          "'%s', which is no share: a percentage from 0 to 100 with up to six decimals"
              .formatted(percent.strip()));
    }
    long share = new BigDecimal(number).movePointRight(DECIMALS).longValueExact();
    if (share > WHOLE) {
      throw new IllegalArgumentException(
          "'%s', which is more than 100 %%".formatted(percent.strip()));
    }
    return share;
  }

  /** A share for people, for example {@code 12.5 %}. */
  public static String percent(long share) {
    return BigDecimal.valueOf(share, DECIMALS).stripTrailingZeros().toPlainString() + " %";
  }
}
