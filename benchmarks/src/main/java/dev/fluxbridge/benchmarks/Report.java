package dev.fluxbridge.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What a process measured, as the line of JSON that the scripts read. */
final class Report {
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> cpuSeconds = new ArrayList<>();
  private double first;
  private double magnitude;

  /** What time it is on the wall, and on all processors for this process. */
  record Moment(long wall, long cpu) {
    static Moment now() {
      return new Moment(
          System.nanoTime(),
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
    }
  }

  /** One measurement. */
  void took(Moment begin, Moment end) {
    seconds.add((end.wall() - begin.wall()) / 1e9);
    cpuSeconds.add((end.cpu() - begin.cpu()) / 1e9);
  }

  /** What was measured up to here does not count. */
  void warmedUp() {
    seconds.clear();
    cpuSeconds.clear();
  }

  /** What was computed: the last one is compared with the other side's. */
  void result(float[] values) {
    if (first == 0) {
      first =
          (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.abs(value);
    }
    magnitude = sum / values.length;
  }

  void print() {
    System.out.printf(
        "{\"first\": %s, \"seconds\": %s, \"cpu\": %s, \"magnitude\": %s}%n",
        first, seconds, cpuSeconds, magnitude);
  }
}
