package dev.fluxbridge.providers.fal;

import java.net.URI;
import java.util.Optional;

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

  URI resultAt(FalHosts hosts) {
    return url(hosts, responseUrl, "");
  }

  URI cancelAt(FalHosts hosts) {
    return url(hosts, cancelUrl, "/cancel");
  }
}
