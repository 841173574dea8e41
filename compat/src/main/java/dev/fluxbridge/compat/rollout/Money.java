package dev.fluxbridge.compat.rollout;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Money in billionths, so that it adds up in the store. What is smaller is rounded up. */
final class Money {
  private static final int DECIMALS = 9;

  private Money() {}

  /**
   * @throws ArithmeticException above nine billion
   */
  static long billionths(BigDecimal amount) {
    return amount
        .setScale(DECIMALS, RoundingMode.CEILING)
        .movePointRight(DECIMALS)
        .longValueExact();
  }

  static BigDecimal of(long billionths) {
    BigDecimal amount = BigDecimal.valueOf(billionths, DECIMALS).stripTrailingZeros();
    return amount.scale() < 0 ? amount.setScale(0) : amount;
  }
}
