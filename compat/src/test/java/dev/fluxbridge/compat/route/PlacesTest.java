package dev.fluxbridge.compat.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.Task;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {
  private static final int KEYS = 100_000;

  @Property
  void aPlaceIsWithinAllCallsAndStaysTheSame(@ForAll @NotEmpty String key) {
    long place = Places.of(Task.INPAINT, key);
    assertThat(place).isBetween(0L, Shares.WHOLE - 1);
    assertThat(Places.of(Task.INPAINT, key)).isEqualTo(place);
  }

  /** Whatever is done to the code: a key that moves is a caller whose pictures change. */
  @ParameterizedTest
  @CsvSource({
    "user-0, 55112881",
    "user-1023, 93956906",
    "user-1024, 77618738",
    "tenant, 42527194",
    "0, 43792987",
    "007, 60262303",
    "a1234567890123456789012, 71363259",
    "99999999999999999999, 13847618"
  })
  void aKeyHasItsPlaceForEver(String key, long place) {
    assertThat(Places.of(Task.INPAINT, key)).isEqualTo(place);
  }

  /** 256 parts and not 1024, because those have whole bounds. */
  @Property(tries = 200)
  void ofKeysThatAreCountedUpEachHandIsSpreadEvenly(
      @ForAll @LongRange(min = 0, max = 1L << 40) long hand, @ForAll Task task) {
    int[] parts = new int[256];
    for (long i = 0; i < 1024; i++) {
      parts[(int) (Places.of(task, "user-" + (hand * 1024 + i)) / (Shares.WHOLE / 256))]++;
    }
    assertThat(parts).containsOnly(4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 1, 10, 25, 33.333, 50, 75, 99.999})
  void theErrorOfASplitOfCountedKeysIsUnderATwentiethOfAPercent(double percent) {
    assertThat(error(percent, i -> "user-" + i)).isLessThan(0.05);
    assertThat(error(percent, i -> "tenant/" + (i + 31_337))).isLessThan(0.05);
    assertThat(error(percent, Long::toString)).isLessThan(0.05);
  }

  /** No fixed rule can deal names that are drawn by lot better than flipping coins would. */
  @ParameterizedTest
  @ValueSource(doubles = {0.001, 1, 10, 50, 99})
  void theErrorOfASplitOfNamesIsThatOfFlippingCoins(double percent) {
    Random random = new Random(7);
    double share = percent / 100;
    double deviation = 100 * Math.sqrt(share * (1 - share) / KEYS);
    assertThat(error(percent, i -> new UUID(random.nextLong(), random.nextLong()).toString()))
        .isLessThan(4 * deviation);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 7, 64, 1000, 1024, 1_000_003, 1L << 22})
  void numbersWithGapsAreDealtNoWorseThanByCoins(long stride) {
    assertThat(error(50, i -> "job-" + i * stride)).isLessThan(4 * 0.158);
    assertThat(error(10, i -> "job-" + i * stride)).isLessThan(4 * 0.095);
  }

  @Test
  void theFinestStepMovesAThousandthOfAPercent() {
    long finest = Shares.parse("0.001");
    long keys = 10_240_000;
    long under =
        LongStream.range(0, keys).filter(i -> Places.of(Task.CONTROL, "u" + i) < finest).count();
    assertThat(under).isBetween(60L, 145L);
  }

  @Test
  void whatOneTaskDoesWithAKeyTellsNothingOfAnother() {
    int both = 0;
    for (int i = 0; i < KEYS; i++) {
      boolean one = Places.of(Task.TEXT_TO_IMAGE, "user-" + i) < Shares.WHOLE / 4;
      boolean other = Places.of(Task.INPAINT, "user-" + i) < Shares.WHOLE / 4;
      both += one && other ? 1 : 0;
    }
    // a sixteenth, with the deviation of coins: 0.077 %
    assertThat(100.0 * both / KEYS).isBetween(6.25 - 0.31, 6.25 + 0.31);
  }

  @Test
  void neighboursHaveNothingInCommon() {
    double mean = Shares.WHOLE / 2.0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < KEYS; i++) {
      double one = Places.of(Task.VIDEO, "user-" + i) - mean;
      double next = Places.of(Task.VIDEO, "user-" + (i + 1)) - mean;
      sum += one * next;
      squares += one * one;
    }
    assertThat(Math.abs(sum / squares)).isLessThan(0.013);
  }

  private static double error(double percent, LongFunction<String> key) {
    long share = Math.round(percent / 100 * Shares.WHOLE);
    long under =
        LongStream.range(0, KEYS)
            .filter(i -> Places.of(Task.TEXT_TO_IMAGE, key.apply(i)) < share)
            .count();
    return Math.abs(100.0 * under / KEYS - percent);
  }
}
