package dev.fluxbridge.providers;

import java.math.BigDecimal;
import java.util.OptionalLong;

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

  /**
   * Tokens, as the provider counts them; their price is the provider's to say.
   *
   * @param input tokens that went in, texts and pictures together
   * @param inputOfPictures how many of them are of pictures, which have a price of their own; empty
   *     where the provider does not say
   * @param output tokens that came out
   */
  record Tokens(long input, OptionalLong inputOfPictures, long output) implements Cost {

    /** Both together; what one of them does not say, the sum does not say. */
    public Tokens plus(Tokens other) {
      boolean known = inputOfPictures.isPresent() && other.inputOfPictures.isPresent();
      return new Tokens(
          input + other.input,
          known
              ? OptionalLong.of(inputOfPictures.getAsLong() + other.inputOfPictures.getAsLong())
              : OptionalLong.empty(),
          output + other.output);
    }

    @Override
    public String toString() {
      String pictures =
          inputOfPictures.isPresent() ? " (" + inputOfPictures.getAsLong() + " of pictures)" : "";
      return input + pictures + " tokens in, " + output + " tokens out";
    }
  }
}
