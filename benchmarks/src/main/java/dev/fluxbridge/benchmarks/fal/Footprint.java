package dev.fluxbridge.benchmarks.fal;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What this process keeps.
 *
 * @param heap bytes in use after a collection
 * @param threads of Java, live ones
 * @param files open ones, sockets included; 0 where the system does not tell
 */
record Footprint(long heap, int threads, long files) {

  static Footprint now() {
    System.gc();
    System.gc();
    var system = ManagementFactory.getOperatingSystemMXBean();
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0);
  }

  /** As the script reads it. */
  String json(String more) {
    return String.format(
        Locale.ROOT,
        "{\"heap\": %.2f, \"threads\": %d, \"files\": %d%s}",
        heap / 1e6,
        threads,
        files,
        more);
  }
}
