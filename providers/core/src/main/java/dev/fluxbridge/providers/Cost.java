package dev.fluxbridge.providers;

import java.math.BigDecimal;

/** What a call cost, as far as anyone said. An unknown cost is never written as 0. */
public sealed interface Cost {

  /** The provider bills but did not say how much. */
  record Unknown() implements Cost {
    @Override
    public String toString() {
      return "unknown";
    }
  }

  /** Nobody bills for this call. */
  record NotBilled() implements Cost {
    @Override
    public String toString() {
      return "not billed";
    }
  }

  /**
   * The provider's billing units; their price is the provider's to say.
   *
   * @param quantity units charged
   */
  record Units(BigDecimal quantity) implements Cost {
    @Override
    public String toString() {
      return quantity.toPlainString() + " billing units";
    }
  }
}
