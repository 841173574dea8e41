package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.compat.rollout.RolloutEvent.RolledBack;
import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A process of its own, which {@link TwoProcessesTest} starts: it says ready, and runs at "go". */
final class Racer {
  private static final String GUARD = "fluxbridge.guard.text-to-image.";

  private Racer() {}

  static Flags flags(String url) {
    return Flags.of(
        "fluxbridge.state.url",
        url,
        "fluxbridge.budget.shadow.hour",
        "20",
        "fluxbridge.ramp.text-to-image.steps",
        "25,50,75,100",
        GUARD + "error-rate",
        "10%",
        GUARD + "on-breach",
        "step");
  }

  /**
   * Runs once.
   *
   * @param arguments {@code budget} or {@code rollback}, and the store's address
   */
  public static void main(String[] arguments) throws IOException {
    RolloutRules rules = flags(arguments[1]).rules();
    AtomicInteger rolledBack = new AtomicInteger();
    try (Rollout rollout =
        Rollout.start(
            () -> rules,
            () -> List.of(Service.RAMP),
            event -> rolledBack.addAndGet(event instanceof RolledBack ? 1 : 0),
            SteadyClock.system())) {
      // opens the connection, so that neither is done before the other begins
      rollout.reserve("shadow", BigDecimal.ZERO);
      System.out.println("ready");
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      input.readLine();
      System.out.println(
          arguments[0].equals("budget") ? spend(rollout) : fail(rollout, rolledBack, input));
    }
  }

  private static long spend(Rollout rollout) {
    long got = 0;
    for (int i = 0; i < 500; i++) {
      got += rollout.reserve("shadow", new BigDecimal("0.05")).isPresent() ? 1 : 0;
    }
    return got;
  }

  private static long fail(Rollout rollout, AtomicInteger rolledBack, BufferedReader input)
      throws IOException {
    await(rollout, 50_000_000);
    System.out.println(share(rollout));
    input.readLine();
    for (int i = 0; i < 40; i++) {
      rollout.record(
          Outcome.failed(Task.TEXT_TO_IMAGE, "fal", Reason.UNAVAILABLE, Duration.ofMillis(5)));
    }
    await(rollout, 25_000_000);
    System.out.println(share(rollout));
    input.readLine();
    // whatever was under way is done then
    rollout.close();
    return rolledBack.get();
  }

  private static void await(Rollout rollout, long share) {
    for (int i = 0; i < 2000 && share(rollout) != share; i++) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static long share(Rollout rollout) {
    Ceiling ceiling = rollout.ceilings().of(Task.TEXT_TO_IMAGE, "fal");
    return ceiling == null ? -1 : ceiling.share();
  }
}
