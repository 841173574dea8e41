package dev.fluxbridge.compat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How rules are written, and what is said of those that are written wrong. */
class RolloutRulesTest {
  private static final String RAMP = "fluxbridge.ramp.text-to-image.";
  private static final String GUARD = "fluxbridge.guard.text-to-image.";

  @Test
  void everythingThatCanBeWritten() {
    RolloutRules rules =
        Flags.of(
                "fluxbridge.state.url",
                "jdbc:postgresql://db/flux",
                "fluxbridge.state.user",
                "flux",
                "fluxbridge.state.password",
                "hush",
                "fluxbridge.budget.shadow.hour",
                "5.00",
                RAMP + "steps",
                "0, 0.001, 12.5%, 100",
                RAMP + "every",
                "PT1H",
                GUARD + "window",
                "PT5M",
                GUARD + "min-samples",
                "30",
                GUARD + "min-compared",
                "5",
                GUARD + "error-rate",
                "5%",
                GUARD + "latency-p95",
                "1.5x",
                GUARD + "cost-per-call",
                "0.10",
                GUARD + "distance",
                "0.4",
                "fluxbridge.guard.inpaint.mask-changed",
                "2%",
                GUARD + "excused",
                "refused, timeout",
                GUARD + "on-breach",
                "step",
                GUARD + "cool-down",
                "PT2H",
                GUARD + "clear",
                "75%")
            .rules();
    assertThat(rules.ramp(Task.TEXT_TO_IMAGE).steps())
        .containsExactly(0L, 1_000L, 12_500_000L, 100_000_000L);
    assertThat(rules.ramp(Task.TEXT_TO_IMAGE).every()).contains(Duration.ofHours(1));
    RolloutRules.Guard guard = rules.guard(Task.TEXT_TO_IMAGE);
    assertThat(guard.window()).isEqualTo(Duration.ofMinutes(5));
    assertThat(guard.minSamples()).isEqualTo(30);
    assertThat(guard.minCompared()).isEqualTo(5);
    assertThat(guard.limits())
        .isEqualTo(
            Map.of(
                Metric.ERROR_RATE, new Limit(0.05, false),
                Metric.LATENCY_P95, new Limit(1.5, true),
                Metric.COST_PER_CALL, new Limit(0.1, false),
                Metric.DISTANCE, new Limit(0.4, false)));
    assertThat(guard.excused())
        .containsExactlyInAnyOrder(
            Reason.INVALID, Reason.CANCELLED, Reason.REFUSED, Reason.TIMEOUT);
    assertThat(guard.backByStep()).isTrue();
    assertThat(guard.coolDown()).contains(Duration.ofHours(2));
    assertThat(guard.clear()).isEqualTo(0.75);
    assertThat(rules.guard(Task.INPAINT).limits())
        .isEqualTo(Map.of(Metric.MASK_CHANGED, new Limit(0.02, false)));
    assertThat(rules.budgets())
        .isEqualTo(
            Map.of(
                "shadow",
                new RolloutRules.Allowance(Optional.of(new BigDecimal("5.00")), Optional.empty())));
  }

  @Test
  void nothingWrittenIsNothingWatched() {
    RolloutRules rules = Flags.of().rules();
    assertThat(rules.guards()).isEmpty();
    assertThat(rules.budgets()).isEmpty();
    assertThat(rules.needStore(List.of())).isFalse();
    assertThat(rules.needStore(List.of(Service.SPLIT))).isFalse();
    assertThat(rules.needStore(List.of(Service.RAMP))).isTrue();
    assertThat(rules.store()).hasToString("jdbc:sqlite:fluxbridge-state.db");
  }

  @Test
  void aPasswordIsNeverShown() {
    RolloutRules rules =
        Flags.of(
                "fluxbridge.state.url", "jdbc:postgresql://db/flux?user=flux&password=hush",
                "fluxbridge.state.password", "hush")
            .rules();
    assertThat(rules.toString()).contains("jdbc:postgresql://db/flux").doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fluxbridge.state.url|jdbc:h2:mem:x|jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE",
        "fluxbridge.state.url|jdbc:sqlite::memory:|the plain name of a file, which processes can share",
        "fluxbridge.state.url|jdbc:sqlite:|the plain name of a file",
        "fluxbridge.budget.shadow.hour|5 EUR|an amount of money above 0, without a currency",
        "fluxbridge.budget.shadow.day|0|an amount of money above 0",
        "fluxbridge.budget.shadow.day|-1|an amount of money above 0",
        "fluxbridge.ramp.text-to-image.steps|5,1|percentages that rise",
        "fluxbridge.ramp.text-to-image.steps|5,5|percentages that rise",
        "fluxbridge.ramp.text-to-image.steps|5,,9|percentages that rise",
        "fluxbridge.ramp.text-to-image.steps|50,101|percentages that rise",
        "fluxbridge.ramp.text-to-image.steps|0|percentages that rise",
        "fluxbridge.ramp.text-to-image.every|1h|a time above 0 in ISO-8601, such as PT1H",
        "fluxbridge.ramp.text-to-image.every|PT1H|set at least fluxbridge.guard.text-to-image.error-rate",
        "fluxbridge.guard.text-to-image.window|PT1S|a time from PT10S to PT24H",
        "fluxbridge.guard.text-to-image.window|P2D|a time from PT10S to PT24H",
        "fluxbridge.guard.text-to-image.min-samples|0|a number from 1 to 1000000",
        "fluxbridge.guard.text-to-image.min-samples|many|a number from 1 to 1000000",
        "fluxbridge.guard.text-to-image.error-rate|0%|a percentage above 0",
        "fluxbridge.guard.text-to-image.error-rate|101%|a percentage above 0",
        "fluxbridge.guard.text-to-image.latency-p95|20|a time above 0 in ISO-8601, such as PT20S, or a multiple",
        "fluxbridge.guard.text-to-image.latency-p95|0x|a number above 0",
        "fluxbridge.guard.text-to-image.cost-per-call|1x|an amount of money above 0",
        "fluxbridge.guard.text-to-image.distance|NaN|a number above 0, such as 0.4",
        "fluxbridge.guard.text-to-image.excused|bad|one or more, with commas between, of invalid,",
        "fluxbridge.guard.text-to-image.on-breach|stop|zero or step",
        "fluxbridge.guard.text-to-image.cool-down|PT0S|a time above 0",
        "fluxbridge.guard.text-to-image.clear|0|a percentage above 0",
      })
  void whatMakesNoSenseIsToldWithItsPlace(String key, String value, String right) {
    assertThatThrownBy(() -> Flags.of(key, value).rules())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The line 3 of fluxbridge.properties says '" + value + "' but ")
        .hasMessageContaining(right);
  }

  @Test
  void everyKeyThatIsReadIsDocumented() {
    List<String> read = new ArrayList<>();
    RolloutRules.of(
        key -> {
          // only looked at here to see whether there are shadows, and documented with them
          if (!key.startsWith("fluxbridge.shadow.")) {
            read.add(key);
          }
          return Optional.empty();
        });
    assertThat(RolloutRules.keys().keySet())
        .containsExactlyInAnyOrderElementsOf(read.stream().distinct().toList());
  }
}
