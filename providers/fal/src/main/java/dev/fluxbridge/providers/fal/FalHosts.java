package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.HttpRequest;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where fal lives. The key goes to these and nowhere else.
 *
 * <p>A backup host is asked only when no connection to the first one came about, so that nothing
 * can be done twice. It is off unless it is set: who blocks a host means it.
 *
 * <p>Source: hosts as in fal's own clients; {@code FAL_RUN_HOST} and {@code FAL_QUEUE_RUN_HOST} as
 * in its Python client; the backup hosts as in the newest sources of both.
 *
 * @param queue base of the queue, for example {@code https://queue.fal.run}
 * @param run base of direct calls, for example {@code https://fal.run}
 * @param rest base of tokens, storage and the keys of webhooks, for example {@code
 *     https://rest.fal.ai}
 * @param api base of the platform API, for example {@code https://api.fal.ai/v1}
 * @param backup where queue and run live, too
 */
public record FalHosts(URI queue, URI run, URI rest, URI api, Optional<Backup> backup) {

  /**
   * Second addresses of the same service: same paths, same key.
   *
   * @param queue instead of the queue's
   * @param run instead of that of direct calls
   */
  public record Backup(URI queue, URI run) {
    /** fal's own, for its own hosts. */
    public static final Backup DEFAULT =
        new Backup(URI.create("https://queue.falrun.com"), URI.create("https://falrun.com"));

    /**
     * @throws IllegalArgumentException as the other addresses
     */
    public Backup {
      check("backup queue", queue);
      check("backup run", run);
    }
  }

  private static final URI API = URI.create("https://api.fal.ai/v1");

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
   *     user information, a query or a fragment; or if fal's own backup stands beside hosts that
   *     are not fal's own
   */
  public FalHosts {
    check("queue", queue);
    check("run", run);
    check("rest", rest);
    check("api", api);
    if (backup.isPresent()
        && backup.get().equals(Backup.DEFAULT)
        && !(sameOrigin(queue, "https://queue.fal.run") && sameOrigin(run, "https://fal.run"))) {
      throw new IllegalArgumentException(
          "fal's backup hosts are for fal's own hosts only: name a backup of your gateway, or none");
    }
  }

  /** These, with fal's own platform API and without a backup. */
  public FalHosts(URI queue, URI run, URI rest) {
    this(queue, run, rest, API, Optional.empty());
  }

  /**
   * The same with a backup, for example {@link Backup#DEFAULT}.
   *
   * @throws IllegalArgumentException if that is fal's own and the hosts are not
   */
  public FalHosts withBackup(Backup other) {
    return new FalHosts(queue, run, rest, api, Optional.of(other));
  }

  /** All of them at one place: a stand-in or a gateway. */
  public static FalHosts allAt(URI base) {
    return new FalHosts(base, base, base, base, Optional.empty());
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

  /** Whether the key may go there: same scheme, host and port as the queue's or its backup's. */
  boolean onQueue(URI uri) {
    return uri.getRawUserInfo() == null
        && (sameOrigin(uri, queue)
            || backup.filter(other -> sameOrigin(uri, other.queue)).isPresent());
  }

  /** The same address on the backup host; empty if there is none for it. */
  Optional<URI> onBackup(URI uri) {
    return backup.flatMap(
        other -> moved(uri, queue, other.queue).or(() -> moved(uri, run, other.run)));
  }

  private static Optional<URI> moved(URI uri, URI from, URI to) {
    String base = from.getRawPath().replaceFirst("/$", "");
    if (!sameOrigin(uri, from) || !uri.getRawPath().startsWith(base + "/")) {
      return Optional.empty();
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return Optional.of(at(to, uri.getRawPath().substring(base.length()) + query));
  }

  private static boolean sameOrigin(URI uri, String other) {
    return sameOrigin(uri, URI.create(other));
  }

  private static boolean sameOrigin(URI uri, URI other) {
    return uri.getHost() != null
        && uri.getScheme().equalsIgnoreCase(other.getScheme())
        && uri.getHost().equalsIgnoreCase(other.getHost())
        && port(uri) == port(other);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
