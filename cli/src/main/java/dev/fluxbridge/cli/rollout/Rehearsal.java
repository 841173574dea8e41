package dev.fluxbridge.cli.rollout;

import dev.fluxbridge.cli.standin.FalStandIn;
import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.pipelines.FluxArguments;
import dev.fluxbridge.pipelines.FluxPipeline;
import dev.fluxbridge.pipelines.Generator;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers on a ramp at one half whose new road begins to fail: real pipelines, sockets, rules and
 * store, and a stand-in for fal. It knows nothing of how that is shown.
 */
final class Rehearsal {
  static final int CALLERS = 4;
  static final Task TASK = Task.TEXT_TO_IMAGE;

  private static final int GOOD_CALLS = 24;
  private static final int CALLS_AFTER = 12;
  private static final int MOST_CALLS = 600;
  private static final int SIDE = 64;
  private static final int STEPS = 2;
  private static final int TOKENS = 32;

  private final Settings settings;
  private final FalStandIn fal;
  private final Diary diary = new Diary();
  private final AtomicInteger begun = new AtomicInteger();

  Rehearsal(Path folder, FalStandIn fal) {
    this.fal = fal;
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("fluxbridge.route." + TASK.label(), "local->fal");
    properties.put("fluxbridge.ramp.text-to-image.steps", "50,100");
    properties.put("fluxbridge.guard.text-to-image.error-rate", "20%");
    properties.put("fluxbridge.guard.text-to-image.min-samples", "10");
    properties.put("fluxbridge.guard.text-to-image.window", "PT1M");
    // Nobody bills here: a price and a budget, because shadows want them.
    properties.put("fluxbridge.shadow.text-to-image", "fal");
    properties.put("fluxbridge.shadow.text-to-image.sample", "100%");
    properties.put("fluxbridge.shadow.text-to-image.distance", "0.05");
    properties.put("fluxbridge.shadow.records", folder.resolve("records").toString());
    properties.put("fluxbridge.price.fal.picture", "0.025");
    properties.put("fluxbridge.budget.shadow.hour", "5.00");
    properties.put("fluxbridge.state.url", "jdbc:sqlite:" + folder.resolve("state.db"));
    properties.put(Settings.LOCAL_CHECKPOINT, "embedded");
    properties.put(Settings.FAL_QUEUE_URL, fal.url());
    properties.put(Settings.FAL_LOOPBACK_MEDIA, "true");
    this.settings = Settings.of(properties, Map.of("FAL_KEY", FalStandIn.KEY), Map.of());
  }

  Settings settings() {
    return settings;
  }

  /**
   * Runs it.
   *
   * @return what happened, whether or not the road was taken back
   * @throws BackendException if a road is not installed, or one fails that was not told to
   */
  Diary run() {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try (Fluxbridge roads = Fluxbridge.builder(settings).observer(diary).build()) {
      FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", roads);
      // The first call of the local road loads its engine, which takes seconds.
      call(pipe, keyOn(roads, "local"));
      diary.begins();
      together(callers, () -> untilTakenBack(pipe));
      int before = begun.get();
      together(callers, () -> begun.get() < before + CALLS_AFTER && next(pipe));
    } finally {
      callers.shutdown();
    }
    return diary;
  }

  /** Others are under way when the new road begins to fail. */
  private boolean untilTakenBack(FluxPipeline pipe) {
    if (diary.calls().size() >= GOOD_CALLS && diary.breaks()) {
      fal.fail();
    }
    return next(pipe) && diary.rolledBack().isEmpty() && begun.get() < MOST_CALLS;
  }

  /** What a caller does until it answers false. */
  private interface Turn {
    boolean takeOne();
  }

  private static void together(ExecutorService callers, Turn turn) {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      all.add(
          callers.submit(
              () -> {
                boolean more = true;
                while (more) {
                  more = turn.takeOne();
                }
              }));
    }
    try {
      for (Future<?> caller : all) {
        caller.get(2, TimeUnit.MINUTES);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the rehearsal was interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the callers of the rehearsal hang", e);
    }
  }

  private boolean next(FluxPipeline pipe) {
    try {
      call(pipe, "caller-" + begun.getAndIncrement());
    } catch (BackendException e) {
      if (diary.broken().isEmpty()) {
        throw e;
      }
      // That is what the rehearsal is about, and the diary knows.
    }
    return true;
  }

  private static void call(FluxPipeline pipe, String key) {
    pipe.call(
        new FluxArguments()
            .prompt("a large red circle at the left of a white background")
            .height(SIDE)
            .width(SIDE)
            .numInferenceSteps(STEPS)
            .maxSequenceLength(TOKENS)
            .generator(new Generator().manualSeed(42))
            .routingKey(key));
  }

  private static String keyOn(Fluxbridge roads, String backend) {
    int i = 0;
    while (!roads.decide(TASK, "first-" + i).backend().equals(backend)) {
      i++;
    }
    return "first-" + i;
  }
}
