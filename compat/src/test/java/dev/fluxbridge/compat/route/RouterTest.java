package dev.fluxbridge.compat.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final List<String> ALL = List.of("local", "fal", "openai");
  private static final List<String> BOTH = List.of("local", "fal");
  private static final List<String> HOSTED_ONLY = List.of("fal");

  private final Map<Task, Flag> flags = new HashMap<>();
  private final List<String> alarms = new ArrayList<>();
  private @Nullable Flag killSwitch;
  private Ceilings ceilings = Ceilings.NONE;

  private Router router(List<String> installed) {
    FlagSource source =
        new FlagSource() {
          @Override
          public @Nullable Flag flag(Task task, @Nullable String routingKey) {
            return flags.get(task);
          }

          @Override
          public @Nullable Flag killSwitch() {
            return killSwitch;
          }
        };
    return new Router(source, installed, false, () -> ceilings, alarms::add);
  }

  private void flag(String value) {
    flags.put(Task.TEXT_TO_IMAGE, new Flag(value, "system property x"));
  }

  private Decision choose(String value, List<String> installed) {
    flag(value);
    return router(installed).decide(Task.TEXT_TO_IMAGE, "tenant");
  }

  private static Decision decide(Router router, String key) {
    return router.decide(Task.TEXT_TO_IMAGE, key);
  }

  @Test
  void takesTheRoadThatTheFlagNamesAndSaysWhoSaidSo() {
    assertThat(choose(" fal ", BOTH))
        .isEqualTo(
            new Decision(Task.TEXT_TO_IMAGE, "fal", Cause.FLAG, "system property x says so"));
  }

  @Test
  void staysOnTheOldRoadWithoutAFlag() {
    Decision decision = decide(router(BOTH), "k");
    assertThat(decision.backend()).isEqualTo("local");
    assertThat(decision.cause()).isEqualTo(Cause.DEFAULT);
  }

  @Test
  void takesTheHostedRoadWithoutAFlagOnceTheOldOneIsGone() {
    assertThat(decide(router(HOSTED_ONLY), "k").backend()).isEqualTo("fal");
  }

  @Test
  void prefersHostedRoadsWithoutAFlagFromTheSecondPhaseOn() {
    flag("fal");
    Router router = new Router(new NoFlags(), BOTH, true, () -> Ceilings.NONE, alarms::add);
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
  }

  @Test
  void anUnknownValueIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> choose("fall", BOTH))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("'fall'")
        .hasMessageContaining("local, fal")
        .hasMessageContaining("system property x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local=75,fal=20|adds up to 95 %",
        "local=75,fal=75|adds up to 150 %",
        "local=75,fal|gives every road a share",
        "local=100,local=0|names local twice",
        "local=50,fal=fifty|'fifty', which is no share",
        "local=101,fal=0|more than 100 %",
        "local=-1,fal=101|no share",
        "local=99.9999999,fal=0|up to six decimals",
        "local=50,openai=50|'openai', which is not installed. Installed are: local, fal",
        "local->|which is not a backend",
        "local->fal->local|one road, an arrow and another",
        "fal->fal|leads nowhere",
      })
  void aSplitOrRampThatMakesNoSenseSaysWhy(String value, String why) {
    assertThatThrownBy(() -> choose(value, BOTH))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining(why)
        .hasMessageContaining("system property x is the flag for text-to-image");
  }

  @Test
  void aRoadThatIsNotInstalledIsAnErrorThatNamesWhatIsAndWhatToAdd() {
    assertThatThrownBy(() -> choose("local", HOSTED_ONLY))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("system property x says so: 'local', which is not installed")
        .hasMessageContaining("Installed for text-to-image: fal");
    assertThatThrownBy(() -> choose("openai", BOTH))
        .hasMessageContaining("Installed for text-to-image: local, fal")
        .hasMessageContaining("add dev.fluxbridge:fluxbridge-providers-openai");
  }

  @Test
  void openAiIsTheLastThatAnUnsetFlagTakes() {
    assertThat(router(List.of("openai", "fal")).decide(Task.INPAINT, null).backend())
        .isEqualTo("fal");
  }

  @Test
  void aSplitSaysItsSharesAndKeepsAKeyWhereItIs() {
    Decision first = choose("local=50,fal=50", BOTH);
    assertThat(first.cause()).isEqualTo(Cause.SPLIT);
    assertThat(first.because()).isEqualTo("system property x says local=50,fal=50");
    assertThat(choose("local=50,fal=50", BOTH)).isEqualTo(first);
  }

  @Test
  void theOrderInWhichASplitNamesItsRoadsMovesNoKey() {
    for (int key = 0; key < 2000; key++) {
      flag("local=30,fal=30,openai=40");
      String one = decide(router(ALL), "k" + key).backend();
      flag("openai=40,fal=30,local=30");
      assertThat(decide(router(ALL), "k" + key).backend()).isEqualTo(one);
    }
  }

  @Test
  void callsWithoutAKeyAreDealtOneByOneAndSaySo() {
    flag("local=75,fal=25");
    Router router = router(BOTH);
    long fal =
        IntStream.range(0, 4096)
            .filter(i -> router.decide(Task.TEXT_TO_IMAGE, null).backend().equals("fal"))
            .count();
    assertThat(fal).isBetween(1020L, 1028L);
    assertThat(router.decide(Task.TEXT_TO_IMAGE, null).because()).contains("without a routing key");
  }

  @Test
  void aRampHasNothingUntilItsFirstStepAndThenItsStep() {
    flag("local->fal");
    Router router = router(BOTH);
    assertThat(share(router, "fal")).isZero();
    ceilings = new Ceilings(Map.of(Task.TEXT_TO_IMAGE, Map.of("fal", step(25))));
    assertThat(share(router, "fal")).isBetween(0.249, 0.251);
    assertThat(decide(router, "k").cause()).isEqualTo(Cause.RAMP);
    assertThat(decide(router, "k").because()).contains("local->fal, now at 25 %");
  }

  @Test
  void aRampAtAStepAndASplitOfTheSameSharesAreTheSame() {
    ceilings = new Ceilings(Map.of(Task.TEXT_TO_IMAGE, Map.of("fal", step(25))));
    for (int key = 0; key < 2000; key++) {
      flag("local->fal");
      String ramp = decide(router(BOTH), "k" + key).backend();
      Ceilings before = ceilings;
      ceilings = Ceilings.NONE;
      flag("local=75,fal=25");
      assertThat(decide(router(BOTH), "k" + key).backend()).isEqualTo(ramp);
      ceilings = before;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"local=40,fal=60", "fal=60,local=40", "local=20,fal=60,openai=20"})
  void aRoadThatIsHeldBackLosesItsCallsToTheRoadNamedFirst(String split) {
    flag(split);
    Router router = router(ALL);
    String held = split.startsWith("fal") ? "local" : "fal";
    String first = split.startsWith("fal") ? "fal" : "local";
    Map<String, String> before = new HashMap<>();
    IntStream.range(0, 1000).forEach(i -> before.put("k" + i, decide(router, "k" + i).backend()));
    ceilings =
        new Ceilings(
            Map.of(Task.TEXT_TO_IMAGE, Map.of(held, new Ceiling(0, true, "too many errors"))));
    before.forEach(
        (key, road) -> {
          Decision now = decide(router, key);
          assertThat(now.backend()).isEqualTo(road.equals(held) ? first : road);
          if (road.equals(held)) {
            assertThat(now.cause()).isEqualTo(Cause.HELD);
            assertThat(now.because()).contains("held at 0 %: too many errors");
          }
        });
  }

  @Test
  void theKillSwitchWinsOverEveryFlagAndSaysSo() {
    flag("local=50,fal=50");
    flags.put(Task.CHAT, new Flag("openai", "o"));
    Router router = router(BOTH);
    killSwitch = new Flag("local", "line 3");
    for (int key = 0; key < 100; key++) {
      assertThat(decide(router, "k" + key))
          .isEqualTo(
              new Decision(
                  Task.TEXT_TO_IMAGE, "local", Cause.KILL_SWITCH, "the kill switch is on: line 3"));
    }
    assertThat(router.decide(Task.CHAT, null).backend()).isEqualTo("local");
    assertThat(router.killed()).isTrue();
    killSwitch = new Flag("off", "line 3");
    assertThat(router.decide(Task.CHAT, null).backend()).isEqualTo("openai");
    killSwitch = null;
    assertThat(router.killed()).isFalse();
  }

  @Test
  void theKillSwitchCanRefuseEveryCall() {
    Router router = router(BOTH);
    killSwitch = new Flag("refuse", "line 3");
    assertThatThrownBy(() -> decide(router, "k"))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining("line 3");
  }

  @Test
  void aKillSwitchThatMakesNoSenseLeavesItAsItWasAndIsToldOnce() {
    Router router = router(BOTH);
    killSwitch = new Flag("fal", "line 3");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    killSwitch = new Flag("yes", "line 3");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    assertThat(alarms).singleElement().asString().contains("'yes'", "line 3", "off, refuse");
  }

  @Test
  void aFlagThatBecomesSenselessLeavesTheLastGoodOneAndIsToldOnce() {
    Router router = router(BOTH);
    flag("fal");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    flag("local=75,fal=2");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    assertThat(alarms).singleElement().asString().contains("adds up to 77 %", "goes on");
    flag("local");
    assertThat(decide(router, "k").backend()).isEqualTo("local");
  }

  @Test
  void whatWasGoodWhenItWasCheckedGoesOnThoughNoCallCameSince() {
    Router router = router(BOTH);
    flag("fal");
    killSwitch = new Flag("off", "line 3");
    router.check();
    flag("local=75,fal=2");
    killSwitch = new Flag("yes", "line 3");
    assertThat(decide(router, "k").backend()).isEqualTo("fal");
    assertThat(alarms).hasSize(2);
  }

  @Test
  void tasksThatNobodyDoesHereAreDecidedAllTheSame() {
    flags.put(Task.CHAT, new Flag("local=0,fal=0,openai=100", "o"));
    flags.put(Task.VIDEO, new Flag("fal", "o"));
    Router router = router(ALL);
    assertThat(router.decide(Task.CHAT, "k").backend()).isEqualTo("openai");
    assertThat(router.decide(Task.VIDEO, "k").backend()).isEqualTo("fal");
    assertThatThrownBy(() -> router.decide(Task.SPEECH, "k"))
        .hasMessageContaining("No backend is installed for speech");
  }

  @Test
  void theLanesAreTheNewRoadsOfSplitsAndRamps() {
    flag("local=75,fal=25");
    flags.put(Task.INPAINT, new Flag("local->openai", "o"));
    flags.put(Task.CONTROL, new Flag("fal", "o"));
    assertThat(router(ALL).lanes())
        .containsExactly(
            new Lane(Task.TEXT_TO_IMAGE, "local", "fal", false, 25 * Shares.WHOLE / 100),
            new Lane(Task.INPAINT, "local", "openai", true, Shares.WHOLE));
  }

  private static Ceiling step(int percent) {
    return new Ceiling(percent * Shares.WHOLE / 100, false, "step");
  }

  private static double share(Router router, String backend) {
    return IntStream.range(0, 10_240)
            .filter(i -> decide(router, "user-" + i).backend().equals(backend))
            .count()
        / 10_240.0;
  }

  private static final class NoFlags implements FlagSource {
    @Override
    public @Nullable Flag flag(Task task, @Nullable String routingKey) {
      return null;
    }

    @Override
    public @Nullable Flag killSwitch() {
      return null;
    }
  }
}
