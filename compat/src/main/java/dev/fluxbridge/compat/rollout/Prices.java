package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.providers.Cost;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What calls cost in money, as far as somebody wrote down prices. What nobody knows stays unknown
 * and is never 0. One currency, which nothing here names. Immutable.
 */
public final class Prices {
  private static final List<String> BILLING = List.of("fal", "openai");
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private enum Per {
    PICTURE("picture", "a picture on %s, about: set aside before a shadow draws, and taken where"),
    UNIT("unit", "one of %s's billing units"),
    INPUT("input-tokens", "a million tokens of texts that go in on %s"),
    PICTURES_IN("picture-tokens", "the same of pictures; as `input-tokens` unless set"),
    OUTPUT("output-tokens", "a million tokens that come out on %s");

    final String key;
    final String text;

    Per(String key, String text) {
      this.key = key;
      this.text = text;
    }
  }

  private record Key(String backend, Per per) {}

  private final Map<Key, BigDecimal> prices;

  private Prices(Map<Key, BigDecimal> prices) {
    this.prices = Map.copyOf(prices);
  }

  /** Every key that {@link #of} reads, with what it does. */
  public static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String backend : BILLING) {
      for (Per per : Per.values()) {
        String more = per == Per.PICTURE ? " nothing better is known" : "";
        keys.put(
            key(backend, per),
            "the price of " + per.text.formatted(backend) + more + ", such as `0.05`");
      }
    }
    return keys;
  }

  /** The key of what one picture costs, about. */
  public static String pictureKey(String backend) {
    return key(backend, Per.PICTURE);
  }

  private static String key(String backend, Per per) {
    return "fluxbridge.price." + backend + "." + per.key;
  }

  /**
   * Reads them.
   *
   * @param find a key's value and where it was set
   * @throws IllegalStateException if a value makes no sense, naming the value, where it was set,
   *     and what is right
   */
  public static Prices of(Function<String, Optional<Flag>> find) {
    Map<Key, BigDecimal> prices = new HashMap<>();
    for (String backend : BILLING) {
      for (Per per : Per.values()) {
        find.apply(key(backend, per))
            .ifPresent(flag -> prices.put(new Key(backend, per), price(flag)));
      }
    }
    return new Prices(prices);
  }

  private static BigDecimal price(Flag flag) {
    String text = flag.value().strip();
    if (!text.matches("\\d{1,7}(\\.\\d{1,9})?") || new BigDecimal(text).signum() == 0) {
      throw new IllegalStateException(
          "The %s says '%s' but must be an amount of money above 0, without a currency, such as 0.05"
              .formatted(flag.origin(), text));
    }
    return new BigDecimal(text);
  }

  /** Whether anybody bills for calls on a road. */
  public static boolean bills(String backend) {
    return BILLING.contains(backend);
  }

  private Optional<BigDecimal> price(String backend, Per per) {
    return Optional.ofNullable(prices.get(new Key(backend, per)));
  }

  /** What a call will come to, about; empty where nobody wrote a price. */
  public Optional<BigDecimal> estimate(String backend, int pictures) {
    return bills(backend)
        ? price(backend, Per.PICTURE).map(one -> one.multiply(BigDecimal.valueOf(pictures)))
        : Optional.of(BigDecimal.ZERO);
  }

  /**
   * What a call cost: by what the provider said of it, else about; empty where that is not known
   * either.
   */
  public Optional<BigDecimal> of(String backend, Cost cost, int pictures) {
    if (cost instanceof Cost.NotBilled) {
      return Optional.of(BigDecimal.ZERO);
    }
    Optional<BigDecimal> said = Optional.empty();
    if (cost instanceof Cost.Units units) {
      said = price(backend, Per.UNIT).map(units.quantity()::multiply);
    } else if (cost instanceof Cost.Tokens tokens) {
      said = tokens(backend, tokens);
    }
    return said.or(() -> estimate(backend, pictures));
  }

  private Optional<BigDecimal> tokens(String backend, Cost.Tokens tokens) {
    BigDecimal input = price(backend, Per.INPUT).orElse(null);
    BigDecimal output = price(backend, Per.OUTPUT).orElse(null);
    if (input == null || output == null) {
      return Optional.empty();
    }
    BigDecimal pictures = price(backend, Per.PICTURES_IN).orElse(input);
    // Where it is not said how many are of pictures, all of them cost as much as the dearer kind.
    BigDecimal unsaid = pictures.max(input);
    BigDecimal in =
        tokens.inputOfPictures().isEmpty()
            ? unsaid.multiply(BigDecimal.valueOf(tokens.input()))
            : pictures
                .multiply(BigDecimal.valueOf(tokens.inputOfPictures().getAsLong()))
                .add(
                    input.multiply(
                        BigDecimal.valueOf(tokens.input() - tokens.inputOfPictures().getAsLong())));
    return Optional.of(
        in.add(output.multiply(BigDecimal.valueOf(tokens.output()))).divide(MILLION));
  }
}
