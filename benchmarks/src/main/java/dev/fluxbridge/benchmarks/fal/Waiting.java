package dev.fluxbridge.benchmarks.fal;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.fal.EndpointId;
import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalOptions;
import dev.fluxbridge.providers.fal.FalResult;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Requests that wait at once on one client. The first turn submits so many of them and ends when
 * each was seen to run; the second ends when all have their results, which the script lets happen.
 */
public final class Waiting {
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/wait");
  private static final String INPUT = "{\"prompt\":\"a red fox\",\"num_images\":1}";

  private final FalClient client;
  private final List<CompletableFuture<FalResult>> waiting = new ArrayList<>();

  private Waiting(FalClient client) {
    this.client = client;
  }

  /** {@code args}: the stand-in's address. */
  public static void main(String[] args) throws Exception {
    Footprint before = Footprint.now();
    try (FalClient client = new FalClient(Call.config(URI.create(args[0])))) {
      Waiting all = new Waiting(client);
      Turns.take(
          times -> (all.waiting.isEmpty() ? all.begin(times) : all.end()).json(more(before)));
    }
    System.exit(0);
  }

  /** The most threads at any time, the start's included, and what there was before the client. */
  private static String more(Footprint before) {
    int most = ManagementFactory.getThreadMXBean().getPeakThreadCount();
    return ", \"most_threads\": %d, \"names\": \"%s\", \"before\": %s"
        .formatted(most, names(), before.json(""));
  }

  /** How many threads there are of each name, the Java machine's own left out. */
  private static String names() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      ThreadGroup group = thread.getThreadGroup();
      if (group != null && group.getName().equals("main")) {
        counts.merge(thread.getName().replaceAll(" ?http.*|[-#][0-9]+$", ""), 1, Integer::sum);
      }
    }
    StringJoiner text = new StringJoiner(", ");
    counts.forEach((name, count) -> text.add(count + " " + name));
    return text.toString();
  }

  private Footprint begin(int jobs) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(jobs);
    Progress watching =
        new Progress() {
          @Override
          public void started() {
            running.countDown();
          }
        };
    for (int i = 0; i < jobs; i++) {
      waiting.add(client.subscribeAsync(ENDPOINT, INPUT, FalOptions.NONE, watching));
    }
    while (!running.await(1, TimeUnit.SECONDS)) {
      waiting.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
    }
    return Footprint.now();
  }

  private Footprint end() {
    waiting.forEach(CompletableFuture::join);
    return Footprint.now();
  }
}
