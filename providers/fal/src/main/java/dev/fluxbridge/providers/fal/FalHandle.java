package dev.fluxbridge.providers.fal;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that fal accepted. It may be written down and waited for later, by another process.
 * Immutable; holds no key.
 *
 * @param endpoint what it was submitted to
 * @param requestId fal's id of it
 * @param statusUrl where fal says that its status is
 * @param responseUrl where fal says that its result will be
 * @param cancelUrl where fal says that it can be cancelled
 */
public record FalHandle(
    EndpointId endpoint,
    String requestId,
    Optional<URI> statusUrl,
    Optional<URI> responseUrl,
    Optional<URI> cancelUrl) {

  private static final String VERSION = "fal-request/1";
  private static final Pattern ADDRESS =
      Pattern.compile(
          "/+(?<endpoint>.+)/requests/(?<id>[^/]+)(/(response|cancel|status(/stream)?))?/*");

  /**
   * Checks the id, which becomes part of addresses.
   *
   * @throws IllegalArgumentException if the id is empty, longer than 200 or holds anything but
   *     letters, digits, {@code _} and {@code -}
   */
  public FalHandle {
    if (!requestId.matches("[A-Za-z0-9_-]{1,200}")) {
      throw new IllegalArgumentException("that is not a request id of fal's");
    }
  }

  /** A handle from the two things that must be known. */
  public static FalHandle of(EndpointId endpoint, String requestId) {
    return new FalHandle(endpoint, requestId, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * A handle from an address that fal gave, of the status, the result or the cancelling. The key
   * goes to the hosts of the client all the same, and to no other.
   *
   * @throws IllegalArgumentException if it is no such address; it is not repeated
   */
  public static FalHandle of(URI address) {
    Matcher parts = ADDRESS.matcher(address.getRawPath() == null ? "" : address.getRawPath());
    if (!address.isAbsolute() || !parts.matches()) {
      throw new IllegalArgumentException(
          "that is no address of a request: https://queue.fal.run/owner/alias/requests/id, with or"
              + " without /status, /response or /cancel");
    }
    return of(EndpointId.parse(parts.group("endpoint")), parts.group("id"));
  }

  /**
   * One line from which {@link #parse} makes the same handle in another process. It holds no key,
   * and no address that carries a query, because that may hold one.
   */
  public String toText() {
    StringBuilder text =
        new StringBuilder(VERSION).append(' ').append(endpoint).append(' ').append(requestId);
    append(text, "status", statusUrl);
    append(text, "result", responseUrl);
    append(text, "cancel", cancelUrl);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, Optional<URI> url) {
    url.filter(FalHandle::bare).ifPresent(u -> text.append(' ').append(name).append('=').append(u));
  }

  private static boolean bare(URI url) {
    return url.getRawQuery() == null
        && url.getRawUserInfo() == null
        && url.getRawFragment() == null
        && url.toString().indexOf(' ') < 0;
  }

  /**
   * Reads what {@link #toText} wrote, in this version or a later one that only adds to it.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static FalHandle parse(String text) {
    String[] words = text.strip().split(" +", -1);
    if (words.length < 3 || !words[0].equals(VERSION)) {
      throw new IllegalArgumentException(
          "that is no handle of a fal request: it begins with '"
              + VERSION
              + "', an endpoint and a request id");
    }
    return new FalHandle(
        EndpointId.parse(words[1]),
        words[2],
        url(words, "status="),
        url(words, "result="),
        url(words, "cancel="));
  }

  private static Optional<URI> url(String[] words, String name) {
    return Arrays.stream(words)
        .skip(3)
        .filter(word -> word.startsWith(name))
        .findFirst()
        .map(word -> URI.create(word.substring(name.length())));
  }

  /** Tells endpoint and id; an address of fal's may hold more than everybody should know. */
  @Override
  public String toString() {
    return "FalHandle[" + requestId + " of " + endpoint + "]";
  }

  private URI url(FalHosts hosts, Optional<URI> given, String verb) {
    // the key goes along, so an address elsewhere is not used, wherever it came from
    return given
        .filter(hosts::onQueue)
        .orElseGet(
            () ->
                FalHosts.at(hosts.queue(), "/" + endpoint.app() + "/requests/" + requestId + verb));
  }

  URI statusAt(FalHosts hosts) {
    return url(hosts, statusUrl, "/status");
  }

  URI streamAt(FalHosts hosts) {
    URI status = statusAt(hosts);
    String query = status.getRawQuery() == null ? "" : "?" + status.getRawQuery();
    String path = status.toString().split("[?#]", 2)[0];
    return URI.create(path + (path.endsWith("/") ? "stream" : "/stream") + query);
  }

  URI resultAt(FalHosts hosts) {
    return url(hosts, responseUrl, "");
  }

  URI cancelAt(FalHosts hosts) {
    return url(hosts, cancelUrl, "/cancel");
  }
}
