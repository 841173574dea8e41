package dev.fluxbridge.benchmarks.fal;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Does its work as often as each line of its standard input says, and prints what came of it. So
 * processes that must not see each other's classes can take turns.
 */
public final class Turns {
  private Turns() {}

  /** What is measured. */
  @FunctionalInterface
  public interface Work {
    /** Does it once. */
    void run() throws Exception;
  }

  /** A turn, and what it prints. */
  @FunctionalInterface
  interface Turn {
    String run(int times) throws Exception;
  }

  /** Takes turns until there are no more, and prints what each time took. */
  public static void time(Work work) throws Exception {
    take(
        times -> {
          StringJoiner seconds = new StringJoiner(", ", "[", "]");
          long cpu = cpu();
          for (int i = 0; i < times; i++) {
            long begin = System.nanoTime();
            work.run();
            seconds.add(String.format(Locale.ROOT, "%.7f", (System.nanoTime() - begin) / 1e9));
          }
          double used = (cpu() - cpu) / 1e9;
          return String.format(Locale.ROOT, "{\"seconds\": %s, \"cpu\": %.3f}", seconds, used);
        });
  }

  static void take(Turn turn) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(turn.run(Integer.parseInt(line.strip())));
    }
  }

  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
