package dev.fluxbridge.providers.http;

import dev.fluxbridge.providers.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the pictures that a provider's reply points to, and trusts neither the link nor what
 * comes from it.
 *
 * <p>https to public addresses only, each redirect checked anew, counted bytes, content known by
 * its own first bytes, size in pixels read before anything is decoded. It sends no credentials,
 * ever, and goes through no proxy: behind one, nobody could check where a name leads. Messages name
 * the host alone, because whoever knows the whole link can see the picture. Safe for use by several
 * threads; owns connections, so close it.
 */
public final class Downloads implements AutoCloseable {
  /** Bytes for which there is room as soon as they are announced, to copy them once. */
  private static final int ROOM = 4 * 1024 * 1024;

  private final MediaPolicy policy;
  private final Retry retry;
  private final Effects effects;
  private final Transport transport;

  /** Downloads under this policy. */
  public Downloads(MediaPolicy policy, Timeouts timeouts, Retry retry, Effects effects) {
    this(policy, timeouts, retry, effects, host -> List.of(InetAddress.getAllByName(host)));
  }

  /** Tells the addresses of a name. */
  @FunctionalInterface
  interface Resolver {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  Downloads(
      MediaPolicy policy, Timeouts timeouts, Retry retry, Effects effects, Resolver resolver) {
    this.policy = policy;
    this.retry = retry;
    this.effects = effects;
    Dns dns = resolver::addresses;
    OkHttpClient guarded =
        new OkHttpClient.Builder()
            .dns(dns)
            .socketFactory(new GuardedSockets(policy.loopback()))
            .proxy(Proxy.NO_PROXY)
            .build();
    this.transport = new Transport(guarded, timeouts);
  }

  /**
   * Fetches one picture.
   *
   * @param link an https address or a base64 data URI, as a reply gave it
   * @throws HttpException of kind {@code REJECTED} if the guard refuses the link or the content; of
   *     another kind if it could not be fetched within the deadline
   */
  public Download picture(String link, Deadline deadline) throws HttpException {
    if (link.regionMatches(true, 0, "data:", 0, 5)) {
      return judge(decode(link), "the data URI");
    }
    URI uri = parse(link);
    try {
      return retry.run(deadline, effects, () -> attempt(uri, deadline));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new HttpException(
          HttpException.Kind.CANCELLED,
          true,
          "the download from " + uri.getHost() + " was cancelled by an interrupt",
          null,
          interrupted);
    }
  }

  private Retry.Outcome<Download, HttpException> attempt(URI uri, Deadline deadline)
      throws HttpException {
    Hop hop;
    URI at = uri;
    int hops = 0;
    try {
      hop = fetch(at, deadline);
      while (hop.next().isPresent()) {
        if (++hops > policy.maxRedirects()) {
          throw HttpException.rejected(
              "the download from %s was redirected more than %d times"
                  .formatted(uri.getHost(), policy.maxRedirects()));
        }
        at = parse(at.resolve(hop.next().get()).toString());
        hop = fetch(at, deadline);
      }
    } catch (HttpException failure) {
      return switch (failure.kind()) {
        case CANCELLED, REJECTED -> throw failure;
        default -> new Retry.Outcome.Again<>(failure, Optional.empty());
      };
    } catch (IllegalArgumentException notAnAddress) {
      throw HttpException.rejected("the download from " + at.getHost() + " was redirected nowhere");
    }
    int status = hop.reply().status();
    if (status == 429 || status >= 500) {
      HttpException failure =
          new HttpException(
              HttpException.Kind.BROKEN,
              true,
              "the download from " + at.getHost() + " answered " + status,
              hop.reply(),
              null);
      return new Retry.Outcome.Again<>(failure, hop.reply().retryAfter());
    }
    if (status != 200) {
      throw HttpException.rejected(
          "the download from %s answered %d, no picture".formatted(at.getHost(), status));
    }
    return new Retry.Outcome.Done<>(judge(hop.reply().body(), "the file from " + at.getHost()));
  }

  private record Hop(HttpReply reply, Optional<String> next) {}

  private Hop fetch(URI uri, Deadline deadline) throws HttpException {
    if (deadline.passed()) {
      throw new HttpException(
          HttpException.Kind.TIMED_OUT,
          true,
          "no time is left to download from " + uri.getHost(),
          null,
          null);
    }
    HttpRequest request =
        HttpRequest.get(uri)
            .with("Accept", "image/*")
            .with("Accept-Encoding", "identity")
            .within(deadline.left())
            .discreet();
    try {
      return transport.exchange(
          request, (status, headers, body) -> hop(uri, status, headers, body));
    } catch (HttpException failure) {
      if (GuardedSockets.refused(failure)) {
        throw HttpException.rejected(
            "the link leads to "
                + uri.getHost()
                + ", which is no public address: refused before anything was sent");
      }
      if (failure.kind() == HttpException.Kind.REJECTED) {
        throw failure;
      }
      // the transport's message names the whole path
      throw new HttpException(
          failure.kind(),
          failure.maybeDelivered(),
          "the download from " + uri.getHost() + " failed: " + failure.kind(),
          failure.head().orElse(null),
          failure.getCause());
    }
  }

  private Hop hop(URI uri, int status, HttpHeaders headers, InputStream body) throws IOException {
    boolean redirect = status >= 301 && status <= 308 && status != 304;
    if (redirect) {
      Optional<String> next = headers.first("Location");
      return new Hop(new HttpReply(status, headers, new byte[0], false), next);
    }
    if (status != 200) {
      return new Hop(new HttpReply(status, headers, new byte[0], false), Optional.empty());
    }
    long announced = headers.first("Content-Length").map(Downloads::number).orElse(0L);
    byte[] bytes = announced > policy.maxBytes() ? null : read(body, announced);
    if (bytes == null) {
      throw HttpException.rejected(
          "the file from %s is longer than %d bytes".formatted(uri.getHost(), policy.maxBytes()));
    }
    return new Hop(new HttpReply(status, headers, bytes, false), Optional.empty());
  }

  private byte @Nullable [] read(InputStream body, long announced) throws IOException {
    if (announced > 0 && announced <= ROOM) {
      byte[] bytes = new byte[(int) announced];
      int got = body.readNBytes(bytes, 0, bytes.length);
      if (got == bytes.length && body.read() < 0) {
        return bytes;
      }
      throw new IOException("it was announced with another length");
    }
    byte[] bytes = body.readNBytes((int) policy.maxBytes());
    return bytes.length == policy.maxBytes() && body.read() >= 0 ? null : bytes;
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  private URI parse(String link) throws HttpException {
    URI uri;
    try {
      uri = URI.create(link);
      HttpRequest.get(uri);
    } catch (IllegalArgumentException notAnAddress) {
      throw HttpException.rejected("the link of a picture is no https address");
    }
    boolean https = uri.getScheme().equalsIgnoreCase("https");
    if (!https && !(policy.loopback() && HttpRequest.namesThisMachine(uri))) {
      throw HttpException.rejected(
          "the link to " + uri.getHost() + " is not https: refused before anything was sent");
    }
    return uri;
  }

  private byte[] decode(String link) throws HttpException {
    int comma = link.indexOf(',');
    if (comma < 0 || !link.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
      throw HttpException.rejected("the data URI of a picture is not base64");
    }
    if ((link.length() - comma) / 4L * 3 > policy.maxBytes() + 2) {
      throw HttpException.rejected("the data URI is longer than " + policy.maxBytes() + " bytes");
    }
    try {
      return Base64.getDecoder().decode(link.substring(comma + 1));
    } catch (IllegalArgumentException broken) {
      throw HttpException.rejected("the data URI of a picture is not base64");
    }
  }

  private Download judge(byte[] bytes, String what) throws HttpException {
    ImageFile file =
        ImageFile.read(bytes)
            .orElseThrow(
                () ->
                    HttpException.rejected(
                        what + " is no PNG, JPEG, WebP or GIF, or its header is cut short"));
    if (file.width() < 1 || file.height() < 1) {
      throw HttpException.rejected(what + " is a picture without pixels");
    }
    if (file.width() > policy.maxPixels() / file.height()) {
      throw HttpException.rejected(
          "%s claims %d x %d pixels, more than the %d allowed: not decoded"
              .formatted(what, file.width(), file.height(), policy.maxPixels()));
    }
    if (!file.whole()) {
      throw HttpException.rejected(what + " is cut short: its end mark is missing");
    }
    return new Download(
        new Picture.Encoded(bytes, file.mediaType()), (int) file.width(), (int) file.height());
  }

  /** Gives connections and threads back. */
  @Override
  public void close() {
    transport.close();
  }
}
