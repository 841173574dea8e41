package dev.fluxbridge.compat.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.compat.shadow.Difference.Kind;
import dev.fluxbridge.compat.shadow.ShadowRules.Sampled;
import dev.fluxbridge.providers.Task;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowRulesTest {
  private static final String KEY = "fluxbridge.shadow.text-to-image";
  private static final Map<String, String> PAID =
      Map.of(
          KEY, "fal", "fluxbridge.price.fal.picture", "0.05", "fluxbridge.budget.shadow.day", "2");

  private static ShadowRules rules(Map<String, String> values) {
    return ShadowRules.of(
        key -> Optional.ofNullable(values.get(key)).map(value -> new Flag(value, "line 3")),
        List.of("local", "fal"));
  }

  private static Sampled of(ShadowRules rules) {
    return Objects.requireNonNull(rules.tasks().get(Task.TEXT_TO_IMAGE));
  }

  private static Map<String, String> paidAnd(String key, String value) {
    Map<String, String> all = new HashMap<>(PAID);
    all.put(key, value);
    return all;
  }

  @Test
  void unlessSomebodyWroteOneThereIsNoShadow() {
    ShadowRules none = rules(Map.of());
    assertThat(none.tasks()).isEmpty();
    assertThat(none.records()).isEmpty();
  }

  @Test
  void oneInAHundredUnlessSaidOtherwise() {
    ShadowRules rules = rules(PAID);
    Sampled sampled = of(rules);
    assertThat(sampled.share()).isEqualTo(Shares.WHOLE / 100);
    assertThat(sampled.noise()).isZero();
    assertThat(sampled.distance()).isEmpty();
    assertThat(rules.inFlight()).isEqualTo(2);
    assertThat(rules.deadline()).isEqualTo(Duration.ofMinutes(10));
    assertThat(rules.recordBytes()).isEqualTo(256L << 20);
    assertThat(rules.recordPrompts()).isTrue();
  }

  @Test
  void aSampleHasSixDecimals() {
    Sampled sampled = of(rules(paidAnd(KEY + ".sample", "0.000001%")));
    assertThat(sampled.share()).isEqualTo(1);
  }

  @Test
  void aShadowThatCostsNothingNeedsNoMoney() {
    assertThat(rules(Map.of(KEY, "local")).tasks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fluxbridge.price.fal.picture", "fluxbridge.budget.shadow.day"})
  void aShadowThatCostsMoneyNeedsAPriceAndABudget(String missing) {
    Map<String, String> values = new HashMap<>(PAID);
    values.remove(missing);
    assertThatThrownBy(() -> rules(values))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("line 3 says 'fal'")
        .hasMessageContaining(missing.replace(".day", ".hour"));
  }

  @ParameterizedTest
  @CsvSource({
    KEY + ", lokal, local",
    KEY + ", openai, not installed",
    KEY + ".sample, 101%, from 0 to 100",
    KEY + ".noise, much, from 0 to 100",
    KEY + ".distance, 1.5, from 0 to 1",
    "fluxbridge.shadow.in-flight, 0, from 1 to 32",
    "fluxbridge.shadow.in-flight, 33, from 1 to 32",
    "fluxbridge.shadow.deadline, PT0S, above 0",
    "fluxbridge.shadow.records-mb, -1, a number",
    "fluxbridge.shadow.records-prompts, yes, true or false",
    "fluxbridge.shadow.ignore, sise, served-failure",
    "fluxbridge.shadow.ignore, failure:ODD, served-failure",
    "fluxbridge.shadow.ignore, size<0.3, served-failure",
    "fluxbridge.shadow.ignore, size:UNSUPPORTED, served-failure",
    "fluxbridge.price.openai.picture, 0, 0.05",
  })
  void whatMakesNoSenseIsNamedWithItsPlace(String key, String value, String right) {
    Map<String, String> values = paidAnd(key, value);
    assertThatThrownBy(
            () -> {
              rules(values);
              Prices.of(
                  one -> Optional.ofNullable(values.get(one)).map(v -> new Flag(v, "line 3")));
            })
        .hasMessageContaining("line 3 says '" + value + "'")
        .hasMessageContaining(right);
  }

  @Test
  void knownDifferencesAreByKindByReasonAndByDistance() {
    List<Ignored> ignored =
        rules(Map.of("fluxbridge.shadow.ignore", "size, failure:unsupported, distance<0.35"))
            .ignored();
    assertThat(covered(ignored, Kind.SIZE, "", 0)).isTrue();
    assertThat(covered(ignored, Kind.COUNT, "", 0)).isFalse();
    assertThat(covered(ignored, Kind.FAILURE, "UNSUPPORTED", 0)).isTrue();
    assertThat(covered(ignored, Kind.FAILURE, "TIMEOUT", 0)).isFalse();
    assertThat(covered(ignored, Kind.SERVED_FAILURE, "UNSUPPORTED", 0)).isFalse();
    assertThat(covered(ignored, Kind.DISTANCE, "", 0.34)).isTrue();
    assertThat(covered(ignored, Kind.DISTANCE, "", 0.35)).isFalse();
  }

  private static boolean covered(List<Ignored> ignored, Kind kind, String detail, double value) {
    Difference difference = new Difference(kind, detail, value, "");
    return ignored.stream().anyMatch(rule -> rule.covers(difference));
  }
}
