package dev.fluxbridge.compat.openfeature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.FalOnLoopback;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.documents.Documents;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** flagd's own rules, read from a file in this process: nothing listens and nothing is reached. */
class FlagdFileTest {
  private static final int KEYS = 2000;

  private final Path file;
  private final String domain = UUID.randomUUID().toString();
  private Client client;
  private FlagdProvider provider;
  private OpenFeatureFlags flags;
  private FalOnLoopback fal;
  private Fluxbridge roads;

  FlagdFileTest(@TempDir Path folder) {
    file = folder.resolve("flags.json");
  }

  @BeforeEach
  void open() throws IOException {
    write(25, "off");
    provider =
        new FlagdProvider(
            FlagdOptions.builder()
                .resolverType(Config.Resolver.FILE)
                .offlineFlagSourcePath(file.toString())
                .offlinePollIntervalMs(20)
                .deadline((int) Duration.ofSeconds(20).toMillis())
                .build());
    OpenFeatureAPI.getInstance().setProviderAndWait(domain, provider);
    client = OpenFeatureAPI.getInstance().getClient(domain);
    flags = new OpenFeatureFlags(client);
    fal = new FalOnLoopback();
    roads = Fluxbridge.builder(fal.settings(Map.of())).flags(flags).build();
  }

  @AfterEach
  void close() {
    roads.close();
    fal.close();
    flags.close();
    provider.shutdown();
  }

  private void write(int fal, String killSwitch) throws IOException {
    Path next = file.resolveSibling("next.json");
    Files.writeString(
        next,
        """
        {"flags": {
          "fluxbridge.route.text-to-image": {
            "state": "ENABLED", "variants": {"old": "local", "new": "fal"}, "defaultVariant": "old",
            "targeting": {"fractional": [["new", %d], ["old", %d]]}},
          "fluxbridge.route.image-to-image": {
            "state": "ENABLED", "variants": {"split": "fal=100"}, "defaultVariant": "split"},
          "fluxbridge.route.inpaint": {
            "state": "DISABLED", "variants": {"new": "openai"}, "defaultVariant": "new"},
          "fluxbridge.kill-switch": {
            "state": "ENABLED", "variants": {"off": "off", "all": "fal"}, "defaultVariant": "%s"}}}
        """
            .formatted(fal, 100 - fal, killSwitch));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private String road(String key) {
    var flag = flags.flag(Task.TEXT_TO_IMAGE, key);
    return flag == null ? "" : flag.value();
  }

  private static void soon(BooleanSupplier happened) {
    long start = System.nanoTime();
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(10).toNanos());
      Thread.onSpinWait();
    }
  }

  @Test
  void flagdsFractionsAreStickyAndGrowWithoutMovingAKeyBack() throws IOException {
    Map<String, String> before = new HashMap<>();
    IntStream.range(0, KEYS).forEach(i -> before.put("user-" + i, road("user-" + i)));
    assertThat(before.values().stream().filter("fal"::equals).count())
        .isBetween(KEYS * 22L / 100, KEYS * 28L / 100);
    before.forEach((key, road) -> assertThat(road(key)).isEqualTo(road));
    write(50, "off");
    soon(
        () ->
            before.keySet().stream().filter(k -> road(k).equals("fal")).count() > KEYS * 45 / 100);
    before.forEach(
        (key, road) -> {
          if (road.equals("fal")) {
            assertThat(road(key)).isEqualTo("fal");
          }
        });
  }

  @Test
  void theFlagsThatTheGuideShowsDealAQuarterOfTheKeys() throws IOException {
    write(100, "all");
    soon(() -> road("user-1").equals("fal"));
    Files.writeString(file, Documents.blocks(Documents.GUIDE, "json").get(0));
    soon(() -> IntStream.range(0, KEYS).anyMatch(i -> road("user-" + i).equals("local")));
    assertThat(IntStream.range(0, KEYS).filter(i -> road("user-" + i).equals("fal")).count())
        .isBetween(KEYS * 22L / 100, KEYS * 28L / 100);
    soon(() -> "off".equals(value(flags.killSwitch())));
  }

  private static String value(@Nullable Flag flag) {
    return flag == null ? "" : flag.value();
  }

  @Test
  void aSplitInFlagdsFileIsDealtByTheRouterAndADisabledFlagIsNotSet() {
    assertThat(roads.decide(Task.IMAGE_TO_IMAGE, "k").because())
        .contains("OpenFeature flag fluxbridge.route.image-to-image says fal=100");
    assertThat(flags.flag(Task.INPAINT, "k")).isNull();
    assertThat(flags.flag(Task.CHAT, "k")).isNull();
  }

  @Test
  void theKillSwitchInFlagdsFileStopsEveryRoad() throws IOException {
    write(25, "all");
    soon(() -> roads.decide(Task.CONTROL, "k").cause() == Cause.KILL_SWITCH);
  }

  @Test
  void aFileThatIsGoneLeavesEachKeyWhereItWas() throws IOException {
    String before = road("user-1");
    AtomicInteger failures = new AtomicInteger();
    client.onProviderStale(event -> failures.incrementAndGet());
    Files.delete(file);
    soon(() -> failures.get() > 0);
    assertThat(road("user-1")).isEqualTo(before);
    assertThat(roads.decide(Task.IMAGE_TO_IMAGE, "k").backend()).isEqualTo("fal");
  }
}
