package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.Cost;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PricesTest {
  private static final Prices PRICES =
      prices(
          Map.of(
              "fluxbridge.price.fal.picture", "0.05",
              "fluxbridge.price.fal.unit", "0.025",
              "fluxbridge.price.openai.input-tokens", "5",
              "fluxbridge.price.openai.picture-tokens", "10",
              "fluxbridge.price.openai.output-tokens", "40"));

  private static Prices prices(Map<String, String> values) {
    return Prices.of(
        key -> Optional.ofNullable(values.get(key)).map(value -> new Flag(value, "somewhere")));
  }

  private static BigDecimal tokens(OptionalLong pictures) {
    return PRICES.of("openai", new Cost.Tokens(1000, pictures, 2000), 1).orElseThrow();
  }

  @Test
  void whatIsNotBilledCostsNothingAndWhatNobodyKnowsIsNotNothing() {
    assertThat(PRICES.of("local", new Cost.NotBilled(), 1)).contains(BigDecimal.ZERO);
    assertThat(prices(Map.of()).of("fal", new Cost.Unknown(), 1)).isEmpty();
    assertThat(prices(Map.of()).of("fal", new Cost.Units(BigDecimal.ONE), 1)).isEmpty();
    assertThat(prices(Map.of()).estimate("fal", 1)).isEmpty();
    assertThat(PRICES.estimate("local", 3)).contains(BigDecimal.ZERO);
  }

  @Test
  void unitsCountByTheirPriceAndElseThePictures() {
    assertThat(PRICES.of("fal", new Cost.Units(new BigDecimal("1.5")), 2).orElseThrow())
        .isEqualByComparingTo("0.0375");
    assertThat(PRICES.of("fal", new Cost.Unknown(), 2).orElseThrow()).isEqualByComparingTo("0.10");
  }

  @Test
  void tokensCountByTheMillionAndThoseOfPicturesByTheirOwnPrice() {
    // 600 at 5, 400 at 10 and 2000 at 40 for a million
    assertThat(tokens(OptionalLong.of(400))).isEqualByComparingTo("0.087");
  }

  @Test
  void whereItIsNotSaidWhichTokensAreOfPicturesTheDearerPriceCounts() {
    assertThat(tokens(OptionalLong.empty())).isEqualByComparingTo("0.09");
  }
}
