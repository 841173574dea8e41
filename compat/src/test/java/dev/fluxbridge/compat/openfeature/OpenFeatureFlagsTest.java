package dev.fluxbridge.compat.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenFeatureFlagsTest {
  private static final String ROUTE = "fluxbridge.route.text-to-image";
  private static final String KILL_SWITCH = "fluxbridge.kill-switch";
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Settings NOTHING = Settings.of(Map.of(), Map.of(), Map.of());

  private final String domain = UUID.randomUUID().toString();
  private final InMemoryProvider provider = new InMemoryProvider(Map.of());
  private final Client client = client(provider);
  private final List<String> told = new ArrayList<>();
  private @Nullable OpenFeatureFlags flags;
  private long now;

  private Client client(InMemoryProvider of) {
    OpenFeatureAPI.getInstance().setProviderAndWait(domain, of);
    return OpenFeatureAPI.getInstance().getClient(domain);
  }

  private OpenFeatureFlags flags(FlagSource otherwise, Duration look) {
    flags = new OpenFeatureFlags(client, otherwise, look, () -> now, told::add);
    return flags;
  }

  private OpenFeatureFlags flags() {
    return flags(NOTHING, NEVER);
  }

  @AfterEach
  void close() {
    if (flags != null) {
      flags.close();
    }
  }

  private static dev.openfeature.sdk.providers.memory.Flag<?> said(Object value) {
    return dev.openfeature.sdk.providers.memory.Flag.builder()
        .variant("v", value)
        .defaultVariant("v")
        .build();
  }

  private void set(String name, Object value) {
    provider.updateFlag(name, said(value));
  }

  private void setByKey(Map<String, Object> byKey) {
    provider.updateFlag(
        ROUTE,
        dev.openfeature.sdk.providers.memory.Flag.builder()
            .variant("v", "local")
            .defaultVariant("v")
            .contextEvaluator((flag, context) -> byKey.get(context.getTargetingKey()))
            .build());
  }

  private static void soon(BooleanSupplier happened) {
    long start = System.nanoTime();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
      Thread.onSpinWait();
    }
  }

  private static String value(@Nullable Flag flag) {
    return flag == null ? "not set" : flag.value();
  }

  private String value(FlagSource source, @Nullable String key) {
    return value(source.flag(Task.TEXT_TO_IMAGE, key));
  }

  @Test
  void aFlagSaysWhereItComesFromAndIsTheSameAsLongAsItSaysTheSame() {
    set(ROUTE, "local=75,fal=25");
    FlagSource source = flags();
    Flag flag = source.flag(Task.TEXT_TO_IMAGE, null);
    assertThat(flag).isEqualTo(new Flag("local=75,fal=25", "OpenFeature flag " + ROUTE));
    set(ROUTE, String.join(",", "local=75", "fal=25"));
    assertThat(source.flag(Task.TEXT_TO_IMAGE, "another")).isSameAs(flag);
  }

  @Test
  void aChangeCountsWithTheNextCall() {
    set(ROUTE, "local");
    FlagSource source = flags();
    assertThat(value(source, null)).isEqualTo("local");
    set(ROUTE, "fal");
    assertThat(value(source, null)).isEqualTo("fal");
  }

  @Test
  void aFlagThatIsAbsentOrEmptyIsAskedOfTheOtherSource() {
    Settings settings = Settings.of(Map.of(ROUTE, "fal"), Map.of(), Map.of());
    assertThat(value(flags(), null)).isEqualTo("not set");
    close();
    FlagSource source = flags(settings, NEVER);
    assertThat(value(source, "k")).isEqualTo("fal");
    set(ROUTE, " ");
    assertThat(value(source, "k")).isEqualTo("fal");
    set(ROUTE, "local");
    assertThat(value(source, "k")).isEqualTo("local");
  }

  @Test
  void theProviderIsToldTheKeyAndTheTask() {
    AtomicReference<String> seen = new AtomicReference<>();
    provider.updateFlag(
        ROUTE,
        dev.openfeature.sdk.providers.memory.Flag.builder()
            .variant("v", "local")
            .defaultVariant("v")
            .contextEvaluator(
                (flag, context) -> {
                  seen.set(context.getTargetingKey() + " " + context.getValue("task").asString());
                  return "fal";
                })
            .build());
    FlagSource source = flags();
    assertThat(value(source, "tenant-7")).isEqualTo("fal");
    assertThat(seen).hasValue("tenant-7 text-to-image");
    assertThat(value(source, null)).isEqualTo("fal");
    assertThat(seen).hasValue("null text-to-image");
  }

  @Test
  void aProviderThatSplitsByKeyKeepsEachKeyOnItsRoad() {
    setByKey(Map.of("a", "fal", "b", "local"));
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.builder(fal.settings(Map.of())).flags(flags()).build()) {
      for (int i = 0; i < 100; i++) {
        assertThat(roads.decide(Task.TEXT_TO_IMAGE, "a").backend()).isEqualTo("fal");
      }
      Decision decision = roads.decide(Task.TEXT_TO_IMAGE, "a");
      assertThat(decision.cause()).isEqualTo(Cause.FLAG);
      assertThat(decision.because()).isEqualTo("OpenFeature flag " + ROUTE + " says so");
    }
  }

  @Test
  void aSplitThatIsTheValueIsDealtByTheRouter() {
    set(ROUTE, "fal=100");
    try (FalOnLoopback fal = new FalOnLoopback();
        Fluxbridge roads = Fluxbridge.builder(fal.settings(Map.of())).flags(flags()).build()) {
      assertThat(roads.decide(Task.TEXT_TO_IMAGE, "a").cause()).isEqualTo(Cause.SPLIT);
      set(ROUTE, "fal=90");
      assertThat(roads.decide(Task.TEXT_TO_IMAGE, "a").because())
          .as("the last good value goes on")
          .contains("fal=100");
    }
  }

  @Test
  void whereTheProviderFailsEachKeyThatCalledTwiceStaysWhereItWas() {
    setByKey(Map.of("a", "fal", "b", "local"));
    FlagSource source = flags();
    assertThat(value(source, "b")).isEqualTo("local");
    assertThat(value(source, "a")).isEqualTo("fal");
    assertThat(value(source, "b")).isEqualTo("local");
    assertThat(value(source, "a")).isEqualTo("fal");
    set(ROUTE, 17);
    assertThat(value(source, "a")).isEqualTo("fal");
    assertThat(value(source, "b")).isEqualTo("local");
    assertThat(value(source, "c")).as("what was said last").isEqualTo("fal");
    set(ROUTE, "local");
    assertThat(value(source, "a")).isEqualTo("local");
  }

  @Test
  void aFailureOfManyCallsIsToldOnceAndAgainWhenAllWasWellForAWhile() {
    set(ROUTE, 17);
    FlagSource source = flags();
    IntStream.range(0, 50).forEach(i -> value(source, "k" + i));
    assertThat(told).singleElement().asString().contains(ROUTE, "TYPE_MISMATCH");
    now += Duration.ofSeconds(50).toNanos();
    value(source, "k1");
    now += Duration.ofSeconds(50).toNanos();
    value(source, "k1");
    assertThat(told).hasSize(1);
    now += Duration.ofSeconds(70).toNanos();
    value(source, "k1");
    assertThat(told).hasSize(2);
  }

  @Test
  void aProviderThatIsNotReadyLeavesTheFlagsToTheOtherSource() {
    InMemoryProvider late =
        new InMemoryProvider(Map.of(ROUTE, said("local"))) {
          @Override
          public void initialize(dev.openfeature.sdk.EvaluationContext context) {}
        };
    Client unready = client(late);
    try (OpenFeatureFlags source =
        new OpenFeatureFlags(unready, Settings.of(Map.of(ROUTE, "fal"), Map.of(), Map.of()))) {
      assertThat(value(source, null)).isEqualTo("fal");
    }
  }

  @Test
  void theKillSwitchFollowsTheProvidersNews() {
    FlagSource source = flags();
    assertThat(source.killSwitch()).isNull();
    set(KILL_SWITCH, "refuse");
    soon(() -> value(source.killSwitch()).equals("refuse"));
    set(KILL_SWITCH, "off");
    soon(() -> value(source.killSwitch()).equals("off"));
  }

  @Test
  void theKillSwitchIsLookedAtEvenIfTheProviderSaysNothing() {
    AtomicReference<String> value = new AtomicReference<>("off");
    provider.updateFlag(
        KILL_SWITCH,
        dev.openfeature.sdk.providers.memory.Flag.builder()
            .variant("v", "off")
            .defaultVariant("v")
            .contextEvaluator((flag, context) -> value.get())
            .build());
    try (OpenFeatureFlags source = new OpenFeatureFlags(client)) {
      assertThat(value(source.killSwitch())).isEqualTo("off");
      value.set("fal");
      soon(() -> value(source.killSwitch()).equals("fal"));
    }
  }

  @Test
  void aCallCostsNoEvaluationOfTheKillSwitch() {
    AtomicInteger evaluations = new AtomicInteger();
    provider.updateFlag(
        KILL_SWITCH,
        dev.openfeature.sdk.providers.memory.Flag.builder()
            .variant("v", "off")
            .defaultVariant("v")
            .contextEvaluator(
                (flag, context) -> {
                  evaluations.incrementAndGet();
                  return "off";
                })
            .build());
    FlagSource source = flags();
    int before = evaluations.get();
    for (int i = 0; i < 1000; i++) {
      assertThat(source.killSwitch()).isNotNull();
    }
    assertThat(evaluations.get()).isLessThan(before + 10);
  }

  @Test
  void eitherSourceCanThrowTheKillSwitch() {
    Map<String, String> properties = new HashMap<>();
    set(KILL_SWITCH, "off");
    FlagSource source = flags(Settings.of(properties, Map.of(), Map.of()), NEVER);
    assertThat(value(source.killSwitch())).isEqualTo("off");
    properties.put(KILL_SWITCH, "local");
    assertThat(value(source.killSwitch())).isEqualTo("local");
    set(KILL_SWITCH, "refuse");
    soon(() -> value(source.killSwitch()).equals("refuse"));
    properties.put(KILL_SWITCH, "off");
    assertThat(value(source.killSwitch())).isEqualTo("refuse");
  }

  @Test
  void aKillSwitchThatCannotBeEvaluatedStaysAsItWas() {
    set(KILL_SWITCH, "fal");
    AtomicInteger looks = new AtomicInteger();
    try (OpenFeatureFlags source =
        new OpenFeatureFlags(
            client, NOTHING, Duration.ofMillis(1), looks::incrementAndGet, told::add)) {
      set(KILL_SWITCH, 17);
      soon(() -> looks.get() > 2);
      assertThat(value(source.killSwitch())).isEqualTo("fal");
    }
  }

  @Test
  void closedItLooksNoMore() {
    AtomicInteger evaluations = new AtomicInteger();
    OpenFeatureFlags source = flags();
    source.close();
    provider.updateFlag(
        KILL_SWITCH,
        dev.openfeature.sdk.providers.memory.Flag.builder()
            .variant("v", "off")
            .defaultVariant("v")
            .contextEvaluator((flag, context) -> evaluations.incrementAndGet() + "")
            .build());
    AtomicInteger others = new AtomicInteger();
    client.onProviderConfigurationChanged(news -> others.incrementAndGet());
    set(ROUTE, "fal");
    soon(() -> others.get() > 0);
    assertThat(evaluations).hasValue(0);
  }

  @Test
  void aFlagThatMakesNoSenseAtTheStartIsFoundAtTheStart() {
    set(ROUTE, "fal=75,openai=20");
    try (FalOnLoopback fal = new FalOnLoopback()) {
      assertThatThrownBy(() -> Fluxbridge.builder(fal.settings(Map.of())).flags(flags()).build())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("OpenFeature flag " + ROUTE)
          .hasMessageContaining("adds up to 95 %");
    }
  }
}
