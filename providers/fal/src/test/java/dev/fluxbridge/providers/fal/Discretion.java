package dev.fluxbridge.providers.fal;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds every test of this module to one more rule: no exception that a caller may get holds a
 * secret, be it in a message, a cause or what is suppressed.
 *
 * <p>JUnit finds it as a service. Secrets of tests carry the word {@code canary}, in whatever case.
 */
public final class Discretion implements BeforeEachCallback, AfterEachCallback {
  private static final Set<FalException> MADE =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  static {
    FalException.watch = Discretion::made;
  }

  private static void made(FalException one, @Nullable FalException instead) {
    MADE.add(one);
    if (instead != null) {
      MADE.remove(instead);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    forget();
  }

  /** For a test that looks itself at what callers get. */
  static void forget() {
    MADE.clear();
  }

  /** Whether this one is watched: so the extension is in force. */
  static boolean sees(FalException made) {
    return MADE.contains(made);
  }

  /** Runs after the test's own clearing up. */
  @Override
  public void afterEach(ExtensionContext context) {
    List<FalException> all;
    synchronized (MADE) {
      all = new ArrayList<>(MADE);
    }
    forget();
    List<String> leaks =
        all.stream().map(Discretion::text).filter(Discretion::holdsASecret).toList();
    if (!leaks.isEmpty()) {
      throw new AssertionError("exceptions hold a secret: " + leaks);
    }
  }

  static String text(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    // the frames name tests, which may speak of canaries
    return trace.toString().lines().filter(line -> !line.startsWith("\tat ")).toList().toString();
  }

  static boolean holdsASecret(String text) {
    return text.toLowerCase(Locale.ROOT).contains("canary");
  }
}
