package dev.fluxbridge.compat.rollout;

import java.math.BigDecimal;

/**
 * Money that was set aside before it is spent. What is neither settled nor released counts as
 * spent, also after this process has died. Safe for use by several threads; the first answer
 * counts.
 */
public interface Reservation {

  /** What was set aside. */
  BigDecimal amount();

  /**
   * Says what it came to. More than was set aside is written down as well: it is spent.
   *
   * @param actual 0 or more
   */
  void settle(BigDecimal actual);

  /** Gives all of it back: nothing was spent, and that is certain. */
  void release();
}
