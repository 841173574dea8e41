package dev.fluxbridge.benchmarks.rollout;

import dev.fluxbridge.compat.Fluxbridge;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.openfeature.OpenFeatureFlags;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes from the end of the write that throws the kill switch, or takes it back, until
 * decisions obey: in a file that is written in place, in one that is moved into its place, and in
 * OpenFeature with the in-memory provider, with and without the provider's news.
 */
public final class KillSwitchLatency {
  private static final int TIMES = 200;
  private static final String KILL_SWITCH = "fluxbridge.kill-switch";

  private KillSwitchLatency() {}

  /** How the switch is set. */
  @FunctionalInterface
  private interface Setter {
    void set(String value) throws IOException;
  }

  /** Takes no arguments. */
  public static void main(String[] args) throws IOException {
    System.out.printf("%-34s %8s %8s %8s%n", "kill switch, milliseconds", "p50", "p99", "max");
    Path folder = Files.createTempDirectory("fluxbridge");
    Path file = folder.resolve("fluxbridge.properties");
    Setter inPlace = value -> Files.writeString(file, text(value));
    inPlace.set("off");
    System.setProperty("fluxbridge.config", file.toString());
    try (Fluxbridge roads = Fluxbridge.ofProcess()) {
      measure("file, written in place", roads, inPlace);
      measure(
          "file, moved into its place",
          roads,
          value ->
              Files.move(
                  Files.writeString(folder.resolve("next"), text(value)),
                  file,
                  StandardCopyOption.ATOMIC_MOVE));
    }
    Files.delete(file);
    Files.delete(folder);
    System.clearProperty("fluxbridge.config");

    InMemoryProvider provider = new InMemoryProvider(Map.of());
    OpenFeatureAPI.getInstance().setProviderAndWait(provider);
    openFeature("OpenFeature, with news", value -> provider.updateFlag(KILL_SWITCH, flag(value)));
    Flag<?>[] silent = {flag("off")};
    String[] now = {"off"};
    silent[0] =
        Flag.builder()
            .variant("v", "off")
            .defaultVariant("v")
            .contextEvaluator(
                (flag, context) -> {
                  synchronized (now) {
                    return now[0];
                  }
                })
            .build();
    provider.updateFlag(KILL_SWITCH, silent[0]);
    openFeature(
        "OpenFeature, without news",
        value -> {
          synchronized (now) {
            now[0] = value;
          }
        });
    System.exit(0);
  }

  private static void openFeature(String name, Setter setter) throws IOException {
    Settings nothing = Settings.of(Map.of(), Map.of(), Map.of());
    try (OpenFeatureFlags flags =
            new OpenFeatureFlags(OpenFeatureAPI.getInstance().getClient(), nothing);
        Fluxbridge roads = Fluxbridge.builder(nothing).flags(flags).build()) {
      measure(name, roads, setter);
    }
  }

  private static String text(String value) {
    return "fluxbridge.route.text-to-image=fal\n%s=%s\n".formatted(KILL_SWITCH, value);
  }

  private static Flag<?> flag(String value) {
    return Flag.builder().variant("v", value).defaultVariant("v").build();
  }

  private static void measure(String name, Fluxbridge roads, Setter setter) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    long[] nanos = new long[TIMES];
    for (int i = 0; i < TIMES; i++) {
      boolean on = i % 2 == 0;
      // Not in step with the looks at the file.
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextLong(100_000)));
      setter.set(on ? "fal" : "off");
      long start = System.nanoTime();
      while (on != (roads.decide(Task.TEXT_TO_IMAGE, null).cause() == Cause.KILL_SWITCH)) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
      }
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-34s %8.1f %8.1f %8.1f%n",
        name, nanos[TIMES / 2] / 1e6, nanos[TIMES * 99 / 100] / 1e6, nanos[TIMES - 1] / 1e6);
  }
}
