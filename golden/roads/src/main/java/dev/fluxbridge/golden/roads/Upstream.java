package dev.fluxbridge.golden.roads;

import com.github.tomakehurst.wiremock.http.Request;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Download;
import dev.fluxbridge.providers.http.Downloads;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpHeaders;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import dev.fluxbridge.providers.http.Transport;
import dev.fluxbridge.providers.http.Uploads;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends on to the providers what their clients send here, each request once: whether to try again
 * is the clients' to say. Keys go to the providers' own hosts, and to no host that a reply names.
 * Safe for use by several threads.
 */
final class Upstream implements AutoCloseable {
  private static final int LONGEST_ANSWER = 256 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(10), PATIENCE, Duration.ofMinutes(1), PATIENCE);

  /** Said anew by whoever sends. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "host",
          "connection",
          "content-length",
          "content-type",
          "transfer-encoding",
          "accept-encoding",
          "expect");

  private final Map<String, URI> bases;
  private final Links links;
  private final Transport transport = new Transport(TIMEOUTS);
  private final Uploads uploads;
  private final Downloads downloads;

  Upstream(RoadSettings settings) {
    this.bases = bases(settings);
    this.links = new Links(bases);
    boolean loopback = "true".equals(settings.properties().get(Settings.FAL_LOOPBACK_MEDIA));
    this.uploads = new Uploads(TIMEOUTS, loopback);
    this.downloads =
        new Downloads(
            MediaPolicy.DEFAULT.withLoopback(loopback), TIMEOUTS, Retry.NONE, Effects.system());
  }

  private static Map<String, URI> bases(RoadSettings settings) {
    Map<String, String> properties = settings.properties();
    Map<String, String> environment = settings.environment();
    FalHosts fal = FalConfig.fromEnvironment(environment::get).hosts();
    Map<String, URI> bases = new HashMap<>();
    bases.put(
        Paths.FAL_QUEUE,
        base("fal's queue", properties.getOrDefault(Settings.FAL_QUEUE_URL, at(fal.queue()))));
    bases.put(
        Paths.FAL_REST,
        base("fal's storage", properties.getOrDefault(Settings.FAL_REST_URL, at(fal.rest()))));
    bases.put(
        Paths.OPENAI,
        base("OpenAI", environment.getOrDefault("OPENAI_BASE_URL", "https://api.openai.com/v1")));
    return bases;
  }

  /** The clients check it, too, but are led here and not there. */
  private static URI base(String whose, String text) {
    URI base = URI.create(text);
    boolean here = "http".equalsIgnoreCase(base.getScheme()) && HttpRequest.namesThisMachine(base);
    if (base.getHost() == null || !("https".equalsIgnoreCase(base.getScheme()) || here)) {
      throw new GoldenException(
          "the address of %s must begin with https://, because the key goes there"
              .formatted(whose));
    }
    return base;
  }

  /** The numbers of addresses in replies. */
  Links links() {
    return links;
  }

  /**
   * Sends it on.
   *
   * @throws HttpException if no whole reply came
   */
  HttpReply send(Request request) throws HttpException {
    String path = Asked.path(request);
    for (Map.Entry<String, URI> base : bases.entrySet()) {
      if (path.startsWith(base.getKey() + "/")) {
        return transport.send(
            dressed(request, below(base, request), headers(request)), LONGEST_ANSWER);
      }
    }
    Optional<URI> there = links.there(path);
    if (there.isEmpty()) {
      return new HttpReply(404, HttpHeaders.NONE, new byte[0], false);
    }
    if (!request.getMethod().getName().equals("GET")) {
      return uploads.send(dressed(request, there.get(), HttpHeaders.NONE));
    }
    Download download =
        downloads.picture(there.get().toString(), Deadline.in(PATIENCE, Effects.system()));
    return new HttpReply(
        200,
        HttpHeaders.NONE.with("Content-Type", download.picture().mediaType()),
        download.picture().bytes(),
        false);
  }

  /** Where a reply gave the address with a query, that goes along. */
  private URI below(Map.Entry<String, URI> base, Request request) {
    String path = Asked.path(request);
    String asked = request.getUrl().substring(path.length());
    String text =
        links
            .there(path)
            .map(URI::toString)
            .orElseGet(() -> at(base.getValue()) + path.substring(base.getKey().length()));
    return URI.create(text + (text.indexOf('?') < 0 ? asked : asked.replace('?', '&')));
  }

  private static String at(URI base) {
    return base.toString().replaceFirst("/$", "");
  }

  private static HttpRequest dressed(Request request, URI uri, HttpHeaders headers) {
    byte[] body = request.getBody();
    String type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    return new HttpRequest(
        request.getMethod().getName(),
        uri,
        headers,
        body == null || body.length == 0
            ? Optional.empty()
            : Optional.of(new HttpRequest.Body(type, body)),
        Optional.empty());
  }

  private static HttpHeaders headers(Request request) {
    HttpHeaders headers = HttpHeaders.NONE;
    for (var header : request.getHeaders().all()) {
      if (!OF_THE_CONNECTION.contains(header.key().toLowerCase(Locale.ROOT))) {
        for (String value : List.copyOf(header.values())) {
          headers = headers.with(header.key(), value);
        }
      }
    }
    return headers;
  }

  @Override
  public void close() {
    transport.close();
    uploads.close();
    downloads.close();
  }
}
