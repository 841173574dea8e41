package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where fal lives. The key goes to these and nowhere else.
 *
 * <p>Source: hosts as in fal's own clients; {@code FAL_RUN_HOST} and {@code FAL_QUEUE_RUN_HOST} as
 * in its Python client.
 *
 * @param queue base of the queue, for example {@code https://queue.fal.run}
 * @param run base of direct calls, for example {@code https://fal.run}
 * @param rest base of tokens and storage, for example {@code https://rest.fal.ai}
 */
public record FalHosts(URI queue, URI run, URI rest) {

  /** fal's own. */
  public static final FalHosts DEFAULT =
      new FalHosts(
          URI.create("https://queue.fal.run"),
          URI.create("https://fal.run"),
          URI.create("https://rest.fal.ai"));

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if one is neither https nor http on this machine, or carries
   *     user information, a query or a fragment
   */
  public FalHosts {
    check("queue", queue);
    check("run", run);
    check("rest", rest);
  }

  /** All three at one place: a stand-in or a gateway. */
  public static FalHosts allAt(URI base) {
    return new FalHosts(base, base, base);
  }

  /**
   * fal's own, unless {@code FAL_RUN_HOST} or {@code FAL_QUEUE_RUN_HOST} name others. A value
   * without a scheme means https; the queue follows {@code FAL_RUN_HOST} as {@code queue.<host>}.
   */
  static FalHosts fromEnvironment(Function<String, @Nullable String> environment) {
    String run = environment.apply("FAL_RUN_HOST");
    String queue = environment.apply("FAL_QUEUE_RUN_HOST");
    URI runBase = run == null || run.isBlank() ? DEFAULT.run : base(run);
    if (queue != null && !queue.isBlank()) {
      return new FalHosts(base(queue), runBase, DEFAULT.rest);
    }
    URI queueBase =
        runBase.equals(DEFAULT.run)
            ? DEFAULT.queue
            : base(runBase.getScheme() + "://queue." + runBase.getRawAuthority());
    return new FalHosts(queueBase, runBase, DEFAULT.rest);
  }

  private static URI base(String host) {
    String stripped = host.strip();
    return URI.create(stripped.contains("://") ? stripped : "https://" + stripped);
  }

  private static void check(String which, URI base) {
    boolean https = "https".equalsIgnoreCase(base.getScheme());
    boolean here = "http".equalsIgnoreCase(base.getScheme()) && HttpRequest.namesThisMachine(base);
    if (base.getHost() == null || !(https || here)) {
      throw new IllegalArgumentException(
          "the "
              + which
              + " address of fal must be https://host (or http:// on this machine, for"
              + " tests): the key travels there");
    }
    if (base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the " + which + " address of fal must be a scheme, a host, a port and a path only");
    }
  }

  /** A path below a base, with one slash between. */
  static URI at(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /** Whether the key may go there: same scheme, host and port as the queue's. */
  boolean onQueue(URI uri) {
    return uri.getHost() != null
        && uri.getRawUserInfo() == null
        && queue.getScheme().equalsIgnoreCase(uri.getScheme())
        && queue.getHost().equalsIgnoreCase(uri.getHost())
        && port(queue) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
