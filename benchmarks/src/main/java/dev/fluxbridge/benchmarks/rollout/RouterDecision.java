package dev.fluxbridge.benchmarks.rollout;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.openfeature.OpenFeatureFlags;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Task;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the decision costs, with the settings of a process that has a file, and with OpenFeature's
 * in-memory provider against a bare evaluation of the same flag.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RouterDecision {
  private static final List<String> ROADS = List.of("local", "fal", "openai");
  private static final String ROUTE = "fluxbridge.route.";
  private static final Task TASK = Task.TEXT_TO_IMAGE;
  private static final Map<String, Value> TASK_ATTRIBUTE = Map.of("task", new Value(TASK.label()));
  private static final int KEYS = 1 << 10;

  /** More than are remembered: each of them is as good as new. */
  private static final int NEW_KEYS = 1 << 16;

  private final String[] keys =
      IntStream.range(0, KEYS).mapToObj(i -> "tenant-" + i).toArray(String[]::new);
  private final String[] newKeys =
      IntStream.range(0, NEW_KEYS).mapToObj(i -> "user-" + i * 31L).toArray(String[]::new);
  private final EvaluationContext noKey = new ImmutableContext(TASK_ATTRIBUTE);
  private int next;

  private final Router plain = builtIn("fal", "off", Ceilings.NONE);
  private final Router split = builtIn("local=75,fal=25", "off", Ceilings.NONE);
  private final Router ramp =
      builtIn(
          "local->fal",
          "off",
          new Ceilings(
              Map.of(TASK, Map.of("fal", new Ceiling(25 * Shares.WHOLE / 100, false, "step 3")))));
  private final Router killed = builtIn("local=75,fal=25", "fal", Ceilings.NONE);

  private final Client plainClient = client("plain", "fal", false);
  private final Client splitClient = client("split", "local=75,fal=25", false);
  private final Client splittingClient = client("splitting", "local", true);
  private final Router openFeaturePlain = router(new OpenFeatureFlags(plainClient));
  private final Router openFeatureSplit = router(new OpenFeatureFlags(splitClient));
  private final Router openFeatureSplitting = router(new OpenFeatureFlags(splittingClient));

  private static Router builtIn(String flag, String killSwitch, Ceilings ceilings) {
    try {
      Path file = Files.createTempFile("fluxbridge", ".properties");
      Files.writeString(
          file,
          ROUTE + TASK.label() + "=" + flag + "\nfluxbridge.kill-switch=" + killSwitch + "\n");
      System.setProperty("fluxbridge.config", file.toString());
      Settings settings = Settings.ofProcess();
      System.clearProperty("fluxbridge.config");
      Files.delete(file);
      return new Router(settings, ROADS, false, () -> ceilings, System.err::println);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Router router(FlagSource flags) {
    return new Router(flags, ROADS, false, () -> Ceilings.NONE, System.err::println);
  }

  /**
   * @param splits whether the provider answers {@code fal} to one key of four
   */
  private static Client client(String domain, String value, boolean splits) {
    var flag = Flag.builder().variant("v", value).defaultVariant("v");
    if (splits) {
      flag.contextEvaluator(
          (of, context) -> (context.getTargetingKey().hashCode() & 3) == 0 ? "fal" : "local");
    }
    Map<String, Flag<?>> flags =
        Map.of(
            ROUTE + TASK.label(),
            flag.build(),
            "fluxbridge.kill-switch",
            Flag.builder().variant("v", "off").defaultVariant("v").build());
    OpenFeatureAPI api = OpenFeatureAPI.getInstance();
    api.setProviderAndWait(domain, new InMemoryProvider(flags));
    return api.getClient(domain);
  }

  private String key() {
    return keys[next++ & KEYS - 1];
  }

  private String newKey() {
    return newKeys[next++ & NEW_KEYS - 1];
  }

  @Benchmark
  public Decision builtInPlain() {
    return plain.decide(TASK, null);
  }

  @Benchmark
  public Decision builtInSplitByKey() {
    return split.decide(TASK, key());
  }

  @Benchmark
  public Decision builtInSplitWithoutKey() {
    return split.decide(TASK, null);
  }

  @Benchmark
  public Decision builtInRampByKey() {
    return ramp.decide(TASK, key());
  }

  @Benchmark
  public Decision builtInKillSwitch() {
    return killed.decide(TASK, key());
  }

  @Benchmark
  public FlagEvaluationDetails<String> bareWithoutKey() {
    return bare(plainClient, noKey);
  }

  /** As whoever uses OpenFeature does it: the context is made for the call. */
  @Benchmark
  public FlagEvaluationDetails<String> bareByKey() {
    return bare(splitClient, new ImmutableContext(key(), TASK_ATTRIBUTE));
  }

  @Benchmark
  public FlagEvaluationDetails<String> bareSplittingByKey() {
    return bare(splittingClient, new ImmutableContext(key(), TASK_ATTRIBUTE));
  }

  private static FlagEvaluationDetails<String> bare(
      Client client, @Nullable EvaluationContext context) {
    return client.getStringDetails("fluxbridge.route.text-to-image", "", context);
  }

  @Benchmark
  public Decision openFeaturePlainWithoutKey() {
    return openFeaturePlain.decide(TASK, null);
  }

  @Benchmark
  public Decision openFeaturePlainByKey() {
    return openFeaturePlain.decide(TASK, key());
  }

  @Benchmark
  public FlagEvaluationDetails<String> bareByNewKey() {
    return bare(splitClient, new ImmutableContext(newKey(), TASK_ATTRIBUTE));
  }

  @Benchmark
  public Decision openFeaturePlainByNewKey() {
    return openFeaturePlain.decide(TASK, newKey());
  }

  @Benchmark
  public Decision openFeatureSplitByNewKey() {
    return openFeatureSplit.decide(TASK, newKey());
  }

  @Benchmark
  public Decision openFeatureSplitByKey() {
    return openFeatureSplit.decide(TASK, key());
  }

  @Benchmark
  public Decision openFeatureSplittingByKey() {
    return openFeatureSplitting.decide(TASK, key());
  }
}
