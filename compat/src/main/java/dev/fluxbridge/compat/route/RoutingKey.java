package dev.fluxbridge.compat.route;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls the present thread makes: a tenant, a user, a job. A split keeps the calls of one key
 * together on one road. It is bound to the thread, and not handed down to threads that it starts.
 */
public final class RoutingKey {
  private static final ThreadLocal<@Nullable String> BOUND = new ThreadLocal<>();

  private RoutingKey() {}

  /**
   * Binds a key to this thread until the scope is closed, on this same thread.
   *
   * @param key not blank; never shown in a log
   * @throws IllegalArgumentException if it is blank
   */
  public static Scope bind(String key) {
    String before = BOUND.get();
    BOUND.set(checked(key));
    return () -> {
      if (before == null) {
        BOUND.remove();
      } else {
        BOUND.set(before);
      }
    };
  }

  /**
   * Runs something with a key bound.
   *
   * @throws Exception what {@code work} throws
   */
  public static <T> T call(String key, Callable<T> work) throws Exception {
    Scope scope = bind(key);
    try {
      return work.call();
    } finally {
      scope.close();
    }
  }

  /** The key that is bound to this thread, or null. */
  public static @Nullable String current() {
    return BOUND.get();
  }

  /**
   * The same key, if it is one.
   *
   * @throws IllegalArgumentException if it is blank: all such calls would go one way together
   */
  public static String checked(String key) {
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "a routing key must not be blank: leave it out where there is none");
    }
    return key;
  }

  /** For how long a key is bound. */
  @FunctionalInterface
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
