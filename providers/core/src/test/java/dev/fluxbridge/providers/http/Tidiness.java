package dev.fluxbridge.providers.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.Call;
import okhttp3.Connection;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds every test of this module, and of those that take its test jar, to two rules: whoever took
 * a connection gave it back, so every reply was closed; and no line that was logged holds a secret.
 *
 * <p>JUnit finds it as a service, and its switch and the log's place with it. Secrets of tests
 * carry the word {@code canary}, in whatever case.
 */
public final class Tidiness implements BeforeEachCallback, AfterEachCallback {
  private static final Path LOG = Path.of("target/test.log");
  private static final long PATIENCE_MILLIS = 3_000;

  private static final Held HELD = new Held();

  static {
    Delivery.watch = HELD::moved;
  }

  private long logged;

  /** The connections that calls hold just now. */
  static final class Held {
    private final List<Taken> taken = new ArrayList<>();

    private record Taken(Call call, Connection connection) {
      @Override
      public String toString() {
        // a path may be signed
        return call.request().method() + " to " + call.request().url().host();
      }
    }

    synchronized void moved(Call call, Connection connection, boolean out) {
      if (out) {
        taken.add(new Taken(call, connection));
      } else {
        taken.removeIf(held -> held.call == call && held.connection == connection);
        notifyAll();
      }
    }

    /** What is still held after a while; each is told once. */
    synchronized List<String> left(long patienceMillis) throws InterruptedException {
      long end = System.nanoTime() + patienceMillis * 1_000_000;
      for (long left = patienceMillis; !taken.isEmpty() && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
      List<String> told = taken.stream().map(Taken::toString).toList();
      taken.clear();
      return told;
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    logged = Files.exists(LOG) ? Files.size(LOG) : 0;
  }

  /** Runs after the test's own clearing up. */
  @Override
  public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
    // a test may end with its thread interrupted, on purpose
    boolean interrupted = Thread.interrupted();
    List<String> open = HELD.left(PATIENCE_MILLIS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!open.isEmpty()) {
      throw new AssertionError("replies that nobody closed, with their connections: " + open);
    }
    Collection<String> leaks = secrets(tail(LOG, logged));
    if (!leaks.isEmpty()) {
      throw new AssertionError("a secret was logged by: " + leaks);
    }
  }

  private static String tail(Path file, long from) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    byte[] all = Files.readAllBytes(file);
    int start = (int) Math.min(from, all.length);
    return new String(all, start, all.length - start, StandardCharsets.UTF_8);
  }

  /** The loggers of lines that hold a secret; the lines themselves are not repeated. */
  static Set<String> secrets(String log) {
    Set<String> loggers = new HashSet<>();
    for (String line : log.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).contains("canary")) {
        loggers.add(line.replaceAll("(?i)canary.*", "...").replaceAll("^(.{0,120}).*", "$1"));
      }
    }
    return loggers;
  }
}
