package dev.fluxbridge.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.OpenAiOnLoopback;
import dev.fluxbridge.compat.rollout.Rollout;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.RecordsLost;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowCompared;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowSkipped;
import dev.fluxbridge.compat.rollout.RolloutEvent.ShadowSkipped.Skip;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.rollout.SteadyClock;
import dev.fluxbridge.compat.shadow.Difference.Kind;
import dev.fluxbridge.compat.shadow.KnownDifference;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Task;
import dev.fluxbridge.providers.Weights;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shadows through the whole stack: fal is served, OpenAI draws beside it, unless said otherwise.
 */
class ShadowRoadTest {
  private static final String SHADOW = "fluxbridge.shadow.text-to-image";

  private final FalOnLoopback fal = new FalOnLoopback();
  private final OpenAiOnLoopback openai = new OpenAiOnLoopback();
  private final BlockingQueue<RolloutEvent> events = new LinkedBlockingQueue<>();
  private final List<RolloutEvent> told = new CopyOnWriteArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private Map<String, String> environment = openai.environment();
  private KnownDifference known = (request, comparison, difference) -> false;

  private final Path folder;

  ShadowRoadTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void sampleEveryCall() {
    settings.put(SHADOW, "openai");
    settings.put(SHADOW + ".sample", "100%");
    settings.put("fluxbridge.price.openai.picture", "0.05");
    settings.put("fluxbridge.budget.shadow.hour", "1.00");
    settings.put("fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve("state.db"));
    settings.put("fluxbridge.shadow.records", records().toString());
  }

  @AfterEach
  void stop() {
    fal.close();
    openai.close();
  }

  private Path records() {
    return folder.resolve("records");
  }

  private Fluxbridge open() {
    CallObserver observer =
        new CallObserver() {
          @Override
          public Call begins(Decision decision, int phase) {
            return Call.NONE;
          }

          @Override
          public void happened(RolloutEvent event) {
            told.add(event);
            events.add(event);
          }
        };
    return Fluxbridge.builder(fal.settings(settings).withEnvironment(environment))
        .observer(observer)
        .known(known)
        .build();
  }

  private static ImageRequest request() {
    return request(1024);
  }

  private static ImageRequest request(int side) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of("black-forest-labs/FLUX.1-dev"))
        .prompts(Prompt.of("a red circle"))
        .size(side, side)
        .steps(2)
        .seeds(List.of(Seed.of(7)))
        .build();
  }

  private static ImageResult call(Fluxbridge roads) {
    return roads.generate(request(), Progress.NONE);
  }

  private <T extends RolloutEvent> T next(Class<T> type) throws InterruptedException {
    while (true) {
      RolloutEvent event = events.poll(20, TimeUnit.SECONDS);
      assertThat(event).as("an event of " + type).isNotNull();
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  private List<Path> recorded() throws IOException {
    if (!Files.isDirectory(records())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(records())) {
      return entries.toList();
    }
  }

  @Test
  void theOtherRoadDrawsBesideAndIsCompared() throws Exception {
    try (Fluxbridge roads = open()) {
      ImageResult result = call(roads);
      assertThat(result.provenance().backend()).isEqualTo("fal");
      assertThat(result.provenance().decision().orElseThrow().shadow()).contains("openai");
      ShadowCompared compared = next(ShadowCompared.class);
      assertThat(compared.served()).isEqualTo("fal");
      assertThat(compared.backend()).isEqualTo("openai");
      assertThat(compared.distance().orElseThrow()).isBetween(0.1, 1.0);
      assertThat(compared.mismatch()).isTrue();
      assertThat(compared.differences()).contains("picture 1 was served at 64x64");
      assertThat(openai.asked()).isEqualTo(1);
    }
  }

  @Test
  void aMismatchIsRecordedWithBothPicturesAndTheArguments() throws Exception {
    try (Fluxbridge roads = open()) {
      call(roads);
      next(ShadowCompared.class);
    }
    Path record = recorded().get(0);
    assertThat(record.resolve("served.png")).exists();
    assertThat(record.resolve("shadow.png")).exists();
    JsonNode call = new ObjectMapper().readTree(Files.readAllBytes(record.resolve("call.json")));
    assertThat(call.at("/mismatch/0/kind").asText()).isEqualTo("size");
    assertThat(call.at("/request/prompts/0/prompt").asText()).isEqualTo("a red circle");
    assertThat(call.at("/request/seeds/0/value").asLong()).isEqualTo(7);
    assertThat(call.at("/served/request_ids/0").asText()).isEqualTo("r-1");
    assertThat(call.at("/served/decision/because").asText()).contains("says so");
    assertThat(call.at("/shadow/money").decimalValue()).isEqualByComparingTo("0.05");
    assertThat(call.at("/pictures/0/perceptual_distance").asDouble()).isPositive();
    assertThat(Files.getPosixFilePermissions(record)).hasSize(3);
    assertThat(Files.getPosixFilePermissions(record.resolve("call.json"))).hasSize(2);
  }

  @Test
  void textsStayOutOfRecordsWhereTheyAreNotWanted() throws Exception {
    settings.put("fluxbridge.shadow.records-prompts", "false");
    try (Fluxbridge roads = open()) {
      call(roads);
      next(ShadowCompared.class);
    }
    assertThat(Files.readString(recorded().get(0).resolve("call.json")))
        .doesNotContain("red circle");
  }

  @Test
  void whatIsKnownToDifferIsNoMismatch() throws Exception {
    settings.put("fluxbridge.shadow.ignore", "size, flagged");
    try (Fluxbridge roads = open()) {
      call(roads);
      ShadowCompared compared = next(ShadowCompared.class);
      assertThat(compared.mismatch()).isFalse();
      assertThat(compared.differences()).contains("64x64");
    }
    assertThat(recorded()).isEmpty();
  }

  @Test
  void aProgramCanKnowDifferencesToo() throws Exception {
    known = (request, comparison, difference) -> difference.kind() == Kind.SIZE;
    try (Fluxbridge roads = open()) {
      call(roads);
      assertThat(next(ShadowCompared.class).mismatch()).isFalse();
    }
  }

  @Test
  void aLimitByHandMakesDistantPicturesAMismatch() throws Exception {
    settings.put("fluxbridge.shadow.ignore", "size, distance<0.05");
    settings.put(SHADOW + ".distance", "0.01");
    try (Fluxbridge roads = open()) {
      call(roads);
      ShadowCompared compared = next(ShadowCompared.class);
      assertThat(compared.mismatch()).isTrue();
      assertThat(compared.differences()).contains("apart, above 0.0100");
    }
  }

  @Test
  void aShadowThatFailsIsTheShadowsOwnConcern() throws Exception {
    environment =
        Map.of("OPENAI_API_KEY", "sk-loopback", "OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    settings.put("fluxbridge.strict", "false");
    settings.put("fluxbridge.openai.deadline", "PT1S");
    try (Fluxbridge roads = open()) {
      assertThat(call(roads).images()).hasSize(1);
      ShadowCompared compared = next(ShadowCompared.class);
      assertThat(compared.mismatch()).isTrue();
      assertThat(compared.differences()).contains("the shadow on openai failed");
    }
  }

  @Test
  void whereTheServedRoadFailsTheShadowTellsWhetherTheOtherWouldHaveDrawn() throws Exception {
    fal.unavailable();
    try (Fluxbridge roads = open()) {
      BackendException failure = catchThrowableOfType(BackendException.class, () -> call(roads));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure.getSuppressed()).isEmpty();
      assertThat(next(ShadowCompared.class).differences())
          .isEqualTo("the served call on fal failed, UNAVAILABLE");
    }
    assertThat(recorded()).hasSize(1);
  }

  @Test
  void withoutMoneyLeftThereIsNoShadow() throws Exception {
    settings.put("fluxbridge.budget.shadow.hour", "0.12");
    try (Fluxbridge roads = open()) {
      for (int i = 0; i < 2; i++) {
        call(roads);
        next(ShadowCompared.class);
      }
      call(roads);
      assertThat(next(ShadowSkipped.class).why()).isEqualTo(Skip.BUDGET);
      assertThat(openai.asked()).isEqualTo(2);
    }
  }

  /** OpenAI as a server that takes connections and never answers. */
  private ServerSocket silent() throws IOException {
    ServerSocket silent = new ServerSocket(0);
    String url = "http://127.0.0.1:" + silent.getLocalPort() + "/v1";
    environment = Map.of("OPENAI_API_KEY", "sk-loopback", "OPENAI_BASE_URL", url);
    settings.put("fluxbridge.shadow.in-flight", "1");
    return silent;
  }

  @Test
  void aShadowThatHangsIsCutOffAndGivesItsPlaceBack() throws Exception {
    settings.put("fluxbridge.shadow.deadline", "PT0.3S");
    try (ServerSocket silent = silent();
        Fluxbridge roads = open()) {
      for (int i = 0; i < 2; i++) {
        call(roads);
        assertThat(next(ShadowCompared.class).differences()).contains("TIMEOUT");
      }
      assertThat(silent.isBound()).isTrue();
    }
  }

  @Test
  void whatComesWhileAsManyDrawAsMayHasNoShadow() throws Exception {
    try (ServerSocket silent = silent();
        Fluxbridge roads = open()) {
      call(roads);
      call(roads);
      assertThat(next(ShadowSkipped.class).why()).isEqualTo(Skip.IN_FLIGHT);
      assertThat(silent.isBound()).isTrue();
    }
  }

  @Test
  void closingEndsWhatStillDraws() throws Exception {
    try (ServerSocket silent = silent()) {
      try (Fluxbridge roads = open()) {
        call(roads);
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().equals("fluxbridge-shadow"));
      assertThat(silent.isBound()).isTrue();
    }
  }

  @Test
  void whereRecordsCannotBeWrittenItIsToldOnceAndAllElseGoesOn() throws Exception {
    Files.writeString(records(), "no folder");
    try (Fluxbridge roads = open()) {
      call(roads);
      next(RecordsLost.class);
      for (int i = 0; i < 3; i++) {
        assertThat(next(ShadowCompared.class).mismatch()).isTrue();
        assertThat(call(roads).images()).hasSize(1);
      }
      next(ShadowCompared.class);
      assertThat(told).filteredOn(RecordsLost.class::isInstance).hasSize(1);
    }
    assertThat(openai.asked()).isEqualTo(4);
  }

  @Test
  void whileTheKillSwitchIsOnThereAreNoShadows() {
    settings.put(Settings.KILL_SWITCH, "fal");
    try (Fluxbridge roads = open()) {
      assertThat(call(roads).provenance().decision().orElseThrow().shadow()).isEmpty();
    }
    assertThat(openai.asked()).isZero();
  }

  @Test
  void aRoadIsNotItsOwnShadow() {
    settings.put("fluxbridge.route.text-to-image", "openai");
    try (Fluxbridge roads = open()) {
      assertThat(call(roads).provenance().decision().orElseThrow().shadow()).isEmpty();
    }
    assertThat(openai.asked()).isEqualTo(1);
  }

  @Test
  void theCallerGetsTheSameWithAndWithoutAShadow() throws Exception {
    ImageResult with;
    try (Fluxbridge roads = open()) {
      with = call(roads);
      next(ShadowCompared.class);
    }
    settings.remove(SHADOW);
    ImageResult without;
    try (Fluxbridge roads = open()) {
      without = call(roads);
    }
    assertThat(with.images()).isEqualTo(without.images());
    assertThat(with.notes()).isEqualTo(without.notes());
    assertThat(with.cost()).isEqualTo(without.cost());
    assertThat(with.seeds()).isEqualTo(without.seeds());
  }

  @Test
  void theCallerGetsTheSameFailureWithAndWithoutAShadow() throws Exception {
    fal.failing();
    BackendException with;
    try (Fluxbridge roads = open()) {
      with = catchThrowableOfType(BackendException.class, () -> call(roads));
      next(ShadowCompared.class);
    }
    settings.remove(SHADOW);
    BackendException without;
    try (Fluxbridge roads = open()) {
      without = catchThrowableOfType(BackendException.class, () -> call(roads));
    }
    assertThat(with).hasSameClassAs(without).hasMessage(without.getMessage());
    assertThat(with.requestId()).isEqualTo(without.requestId());
    assertThat(with.getSuppressed()).isEmpty();
  }

  @Test
  void callersOwnMistakesHaveNoShadow() throws Exception {
    fal.invalid();
    try (ServerSocket silent = silent();
        Fluxbridge roads = open()) {
      for (int i = 0; i < 2; i++) {
        BackendException failure = catchThrowableOfType(BackendException.class, () -> call(roads));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
      }
      // there is one place only, and a second shadow would have been left out
      assertThat(told).filteredOn(ShadowSkipped.class::isInstance).isEmpty();
      assertThat(silent.isBound()).isTrue();
    }
  }

  @Test
  void aShadowThatCostsMoneyNeedsAPriceAndABudget() {
    settings.remove("fluxbridge.price.openai.picture");
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("system property " + SHADOW)
        .hasMessageContaining("fluxbridge.price.openai.picture")
        .hasMessageContaining("fluxbridge.budget.shadow.hour");
  }

  @Test
  void theOldRoadIsAskedTwiceToLearnHowFarItIsFromItself() throws Exception {
    assumeTrue(localIsInstalled());
    settings.put(Settings.LOCAL_CHECKPOINT, "embedded");
    settings.put(SHADOW, "local");
    settings.put(SHADOW + ".noise", "100%");
    try (Fluxbridge roads = open()) {
      roads.generate(request(64), Progress.NONE);
      assertThat(next(ShadowCompared.class).backend()).isEqualTo("local");
      await(() -> noise(roads) == 1);
      roads.generate(request(64), Progress.NONE);
      await(() -> noise(roads) == 2);
      assertThat(roads.steering().state().floors().get(0).floor().p95()).isBetween(0.001, 1.0);
    }
    assertThat(openai.asked()).isZero();
  }

  private static long noise(Fluxbridge roads) {
    return roads.steering().state().floors().stream()
        .mapToLong(floor -> floor.floor().count())
        .sum();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static boolean localIsInstalled() {
    return ShadowRoadTest.class.getResource(
            "/dev/fluxbridge/compat/local/LocalBackendFactory.class")
        != null;
  }

  @Test
  void aDistanceAboveTheNoiseOfTheOldRoadIsAMismatchOnceThatIsKnown() throws Exception {
    Settings set = fal.settings(settings);
    try (Rollout other =
        Rollout.start(
            () -> RolloutRules.of(set::find), List::of, event -> {}, SteadyClock.system())) {
      for (int i = 0; i < 20; i++) {
        other.noise(Task.TEXT_TO_IMAGE, "local", 0.01);
      }
    }
    try (Fluxbridge roads = open()) {
      boolean compared = false;
      for (int i = 0; i < 20 && !compared; i++) {
        call(roads);
        compared = next(ShadowCompared.class).text().contains("apart, above 0.0");
      }
      assertThat(compared).isTrue();
    }
  }

  @Test
  void rulesThatChangeCountInTheRunningProgram() throws Exception {
    Map<String, String> live = new ConcurrentHashMap<>(fal.properties());
    live.putAll(settings);
    live.put(SHADOW + ".sample", "0%");
    Map<String, String> keys = new HashMap<>(environment);
    keys.put("FAL_KEY", "loopback:key");
    try (Fluxbridge roads = Fluxbridge.of(Settings.of(live, keys, Map.of()))) {
      assertThat(call(roads).provenance().decision().orElseThrow().shadow()).isEmpty();
      live.put(SHADOW + ".sample", "100%");
      boolean shadowed = false;
      long start = System.nanoTime();
      while (!shadowed && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
        shadowed = call(roads).provenance().decision().orElseThrow().shadow().isPresent();
      }
      assertThat(shadowed).isTrue();
    }
  }
}
