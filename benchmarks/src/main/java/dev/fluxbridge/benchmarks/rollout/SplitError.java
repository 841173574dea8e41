package dev.fluxbridge.benchmarks.rollout;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.route.Ceilings;
import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.route.Shares;
import dev.fluxbridge.providers.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How far the calls of 100,000 keys are from the share that was written, in percent of all calls:
 * at every step of 0.001 % from 0 to 100 %, and at some steps by asking the router itself.
 */
public final class SplitError {
  private static final int KEYS = 100_000;
  private static final int STEPS = 100_000;

  private static final Ceilings[] CEILINGS =
      IntStream.rangeClosed(0, STEPS).mapToObj(SplitError::ceiling).toArray(Ceilings[]::new);
  private static Ceilings now = Ceilings.NONE;
  private static final Router RAMP =
      new Router(
          Settings.of(Map.of("fluxbridge.route.text-to-image", "local->fal"), Map.of(), Map.of()),
          List.of("local", "fal"),
          false,
          () -> now,
          System.err::println);

  private SplitError() {}

  private static Ceilings ceiling(int step) {
    return new Ceilings(
        Map.of(
            Task.TEXT_TO_IMAGE,
            Map.of("fal", new Ceiling(step * (Shares.WHOLE / STEPS), false, "step"))));
  }

  /** Takes no arguments. */
  public static void main(String[] args) {
    SplittableRandom random = new SplittableRandom(7);
    table("counted up: user-0 to user-99999", i -> "user-" + i);
    table("counted up from 7,000,000", i -> "order-" + (7_000_000 + i));
    table("UUIDs", i -> new UUID(random.nextLong(), random.nextLong()).toString());
  }

  private static void table(String what, IntFunction<String> key) {
    String[] keys = new String[KEYS];
    Arrays.setAll(keys, key);
    System.out.printf("%s%n  share    of all keys   error%n", what);
    double most = 0;
    for (String share :
        List.of("0.001", "0.1", "1", "5", "10", "25", "33.333", "50", "75", "99.999")) {
      double error = error(keys, share);
      most = Math.max(most, Math.abs(error));
      System.out.printf(
          "  %6s %%  %9.3f %%  %+.3f%n", share, Double.parseDouble(share) + error, error);
    }
    System.out.printf("  largest of these: %.3f; ", most);
    steps(keys);
  }

  /** At which step of a ramp each key goes over is found by halving. */
  private static void steps(String[] keys) {
    int[] over = new int[STEPS + 1];
    for (String key : keys) {
      int low = 0;
      int high = STEPS;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        now = CEILINGS[middle];
        if (RAMP.decide(Task.TEXT_TO_IMAGE, key).backend().equals("fal")) {
          high = middle;
        } else {
          low = middle;
        }
      }
      over[high]++;
    }
    int sum = 0;
    double most = 0;
    for (int step = 1; step <= STEPS; step++) {
      sum += over[step];
      most = Math.max(most, Math.abs(100.0 * sum / KEYS - 100.0 * step / STEPS));
    }
    System.out.printf("of all %,d steps of 0.001 %%: %.3f%n%n", STEPS, most);
  }

  private static double error(String[] keys, String share) {
    Router router = router(share);
    long fal =
        Arrays.stream(keys)
            .filter(key -> router.decide(Task.TEXT_TO_IMAGE, key).backend().equals("fal"))
            .count();
    return 100.0 * fal / KEYS - Double.parseDouble(share);
  }

  private static Router router(String share) {
    String rest = Shares.percent(Shares.WHOLE - Shares.parse(share));
    Settings settings =
        Settings.of(
            Map.of("fluxbridge.route.text-to-image", "local=" + rest + ",fal=" + share),
            Map.of(),
            Map.of());
    return new Router(
        settings, List.of("local", "fal"), false, () -> Ceilings.NONE, System.err::println);
  }
}
