package dev.fluxbridge.providers.http;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * One request, ready to send. Immutable.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT} or {@code DELETE}
 * @param uri absolute, http or https, without user information
 * @param headers what goes with it
 * @param body for a POST or PUT; an absent one is sent as empty
 * @param limit the longest that the whole exchange may take, where it is shorter than the
 *     transport's own
 * @param quiet whether texts and logs name the host alone, because the path tells what only some
 *     may know
 */
public record HttpRequest(
    String method,
    URI uri,
    HttpHeaders headers,
    Optional<Body> body,
    Optional<Duration> limit,
    boolean quiet) {

  /**
   * What a request carries.
   *
   * @param mediaType for example {@code application/json}; empty to send none
   * @param source its bytes
   */
  public record Body(String mediaType, BodySource source) {

    /** Bytes in memory; not copied. */
    public Body(String mediaType, byte[] bytes) {
      this(mediaType, BodySource.of(bytes));
    }

    @Override
    public String toString() {
      return mediaType + " of " + source.length() + " bytes";
    }
  }

  /**
   * @throws IllegalArgumentException if the address is not an absolute http or https one or carries
   *     user information, or a header could break out of its line; no value is repeated
   */
  public HttpRequest {
    String scheme = uri.getScheme();
    if (!"https".equalsIgnoreCase(scheme) && !"http".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException("an address must begin with https:// or http://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("an address must name a host");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("an address must not carry a user name or password");
    }
    for (HttpHeaders.Field field : headers.fields()) {
      if (field.name().isEmpty() || !field.name().chars().allMatch(HttpRequest::inName)) {
        throw new IllegalArgumentException("not a header name: " + field.name());
      }
      if (!field.value().chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
        throw new IllegalArgumentException(
            "the value of header " + field.name() + " holds something else than printable ASCII");
      }
    }
  }

  /** One whose path may be told. */
  public HttpRequest(
      String method, URI uri, HttpHeaders headers, Optional<Body> body, Optional<Duration> limit) {
    this(method, uri, headers, body, limit, false);
  }

  /**
   * Whether an address says that it is of this machine: {@code localhost}, {@code 127.x.x.x} or
   * {@code [::1]}. Nothing is looked up.
   */
  public static boolean namesThisMachine(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }

  private static boolean inName(int c) {
    return c > ' ' && c < 0x7f && c != ':';
  }

  /** A GET without headers. */
  public static HttpRequest get(URI uri) {
    return new HttpRequest("GET", uri, HttpHeaders.NONE, Optional.empty(), Optional.empty());
  }

  /** A POST of some JSON text, already encoded. */
  public static HttpRequest postJson(URI uri, byte[] json) {
    Body body = new Body("application/json", json);
    return new HttpRequest("POST", uri, HttpHeaders.NONE, Optional.of(body), Optional.empty());
  }

  /** A PUT of nothing. */
  public static HttpRequest put(URI uri) {
    return new HttpRequest("PUT", uri, HttpHeaders.NONE, Optional.empty(), Optional.empty());
  }

  /** The same at another address. */
  public HttpRequest to(URI other) {
    return new HttpRequest(method, other, headers, body, limit, quiet);
  }

  /** A DELETE of nothing but the address. */
  public static HttpRequest delete(URI uri) {
    return new HttpRequest("DELETE", uri, HttpHeaders.NONE, Optional.empty(), Optional.empty());
  }

  /** The same with one more header. */
  public HttpRequest with(String name, String value) {
    return new HttpRequest(method, uri, headers.with(name, value), body, limit, quiet);
  }

  /** The same, to be done within this time. */
  public HttpRequest within(Duration longest) {
    return new HttpRequest(method, uri, headers, body, Optional.of(longest), quiet);
  }

  /** The same, with no text that names more of the address than the host. */
  public HttpRequest discreet() {
    return new HttpRequest(method, uri, headers, body, limit, true);
  }

  /** The same with this to carry. */
  public HttpRequest carrying(Body other) {
    return new HttpRequest(method, uri, headers, Optional.of(other), limit, quiet);
  }

  /** Method and address without its query: queries may hold tokens. */
  String label() {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = quiet ? "" : uri.getRawPath();
    return method + " " + uri.getScheme() + "://" + uri.getHost() + port + path;
  }

  /** Method, address without query, names of the headers, size of the body. */
  @Override
  public String toString() {
    return label() + " " + headers + body.map(b -> " " + b).orElse("");
  }
}
