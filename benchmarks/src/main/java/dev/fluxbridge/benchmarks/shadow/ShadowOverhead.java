package dev.fluxbridge.benchmarks.shadow;

import dev.fluxbridge.compat.CallObserver;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Weights;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a shadow adds to the time of the served call: the same calls without shadows, with 1 % and
 * with 10 %, in turns of one run. fal is served and OpenAI draws beside, both on this machine in a
 * process of their own; pictures are compared and mismatches recorded as in earnest.
 *
 * <pre>
 * mvn -q -Dmaven.test.skip=true package dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp benchmarks/target/classes:$(cat benchmarks/target/classpath) \
 *     dev.fluxbridge.benchmarks.shadow.ShadowOverhead [rounds] [calls a turn] [callers] [ms of drawing]
 * </pre>
 */
public final class ShadowOverhead {
  private static final String TASK = "text-to-image";

  private ShadowOverhead() {}

  /** One way to be set up, and how long its calls took. */
  private static final class Variant implements AutoCloseable {
    final String name;
    final Fluxbridge roads;
    final List<Long> nanos = new ArrayList<>();

    /** One party for each shadow that is under way, and one that waits for them. */
    final Phaser shadows = new Phaser(1);

    final AtomicInteger compared = new AtomicInteger();
    final AtomicInteger skipped = new AtomicInteger();

    Variant(String name, Map<String, String> properties, Map<String, String> environment) {
      this.name = name;
      this.roads =
          Fluxbridge.builder(Settings.of(properties, environment, Map.of()))
              .observer(new Counting())
              .build();
    }

    @Override
    public void close() {
      roads.close();
    }

    private final class Counting implements CallObserver {
      @Override
      public Call begins(Decision decision, int phase) {
        return new Call() {
          @Override
          public void ended(ImageResult result) {
            if (decision.shadow().isPresent()) {
              shadows.register();
            }
          }
        };
      }

      @Override
      public void happened(RolloutEvent event) {
        if (event instanceof RolloutEvent.ShadowCompared) {
          compared.incrementAndGet();
          shadows.arriveAndDeregister();
        } else if (event instanceof RolloutEvent.ShadowSkipped) {
          skipped.incrementAndGet();
          shadows.arriveAndDeregister();
        }
      }
    }
  }

  public static void main(String[] args) throws Exception {
    int rounds = argument(args, 0, 10);
    int calls = argument(args, 1, 100);
    int callers = argument(args, 2, 2);
    int drawing = argument(args, 3, 250);
    Process providers =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BothProviders.class.getName(),
                String.valueOf(drawing))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path folder = Files.createTempDirectory("shadow-overhead");
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(providers.getInputStream(), StandardCharsets.UTF_8))) {
      String base = said.readLine();
      List<Variant> variants =
          List.of(
              variant("without", "0", base, folder),
              variant("1 %", "1%", base, folder),
              variant("10 %", "10%", base, folder));
      for (int round = -1; round < rounds; round++) {
        for (int i = 0; i < variants.size(); i++) {
          Variant variant = variants.get(Math.floorMod(round + i, variants.size()));
          turn(variant, calls, callers);
          if (round < 0) {
            variant.nanos.clear();
          }
        }
      }
      report(variants, callers, drawing);
      variants.forEach(Variant::close);
    } finally {
      providers.destroy();
    }
    System.exit(0);
  }

  private static int argument(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static Variant variant(String name, String sample, String base, Path folder) {
    Map<String, String> properties = new HashMap<>();
    properties.put("fluxbridge.route." + TASK, "fal");
    properties.put(Settings.FAL_QUEUE_URL, base);
    properties.put(Settings.FAL_REST_URL, base);
    properties.put(Settings.FAL_LOOPBACK_MEDIA, "true");
    if (!sample.equals("0")) {
      properties.put("fluxbridge.shadow." + TASK, "openai");
      properties.put("fluxbridge.shadow." + TASK + ".sample", sample);
      properties.put("fluxbridge.shadow." + TASK + ".distance", "0.1");
      properties.put("fluxbridge.price.openai.picture", "0.01");
      properties.put("fluxbridge.budget.shadow.day", "1000000");
      properties.put("fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve(sample + ".db"));
      properties.put("fluxbridge.shadow.records", folder.resolve("records").toString());
    }
    Map<String, String> environment =
        Map.of(
            "FAL_KEY", "loopback:key",
            "OPENAI_API_KEY", "sk-loopback",
            "OPENAI_BASE_URL", base + "/v1");
    return new Variant(name, properties, environment);
  }

  private static void turn(Variant variant, int calls, int callers) throws Exception {
    ImageRequest request =
        ImageRequest.builder(Pipeline.FLUX, Weights.of("black-forest-labs/FLUX.1-dev"))
            .prompts(Prompt.of("a red fox"))
            .build();
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    List<Future<List<Long>>> each = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      each.add(
          threads.submit(
              () -> {
                List<Long> took = new ArrayList<>();
                for (int i = 0; i < calls / callers; i++) {
                  long start = System.nanoTime();
                  variant.roads.generate(request, Progress.NONE);
                  took.add(System.nanoTime() - start);
                }
                return took;
              }));
    }
    for (Future<List<Long>> one : each) {
      variant.nanos.addAll(one.get());
    }
    threads.shutdown();
    // The next turn begins when no shadow of this one draws any more.
    variant.shadows.arriveAndAwaitAdvance();
  }

  private static void report(List<Variant> variants, int callers, int drawing) {
    System.out.printf(
        "%d callers, %d ms of drawing, %d processors%n",
        callers, drawing, Runtime.getRuntime().availableProcessors());
    System.out.println(
        "| shadows | calls | p50, ms | p90, ms | p99, ms | p99 | compared | left out |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    double base = quantile(variants.get(0).nanos, 0.99);
    for (Variant variant : variants) {
      double p99 = quantile(variant.nanos, 0.99);
      System.out.printf(
          "| %s | %d | %.2f | %.2f | %.2f | %+.2f %% | %d | %d |%n",
          variant.name,
          variant.nanos.size(),
          quantile(variant.nanos, 0.5),
          quantile(variant.nanos, 0.9),
          p99,
          100 * (p99 / base - 1),
          variant.compared.get(),
          variant.skipped.get());
    }
  }

  private static double quantile(List<Long> nanos, double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return Arrays.stream(sorted).skip((long) (share * (sorted.length - 1))).findFirst().orElse(0)
        / 1e6;
  }
}
