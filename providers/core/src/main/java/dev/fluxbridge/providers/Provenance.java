package dev.fluxbridge.providers;

import java.time.Duration;
import java.util.List;

/**
 * Where a result came from.
 *
 * @param backend the backend's name
 * @param model what drew it: a checkpoint folder or a provider's endpoint id
 * @param because why this backend was chosen; empty until the router says
 * @param requestIds the provider's ids, one for each request that the call became; empty for a
 *     local call
 * @param took from the call to the last byte
 */
public record Provenance(
    String backend, String model, String because, List<String> requestIds, Duration took) {
  public Provenance {
    requestIds = List.copyOf(requestIds);
  }

  /** The same, with the router's reason. */
  public Provenance withBecause(String reason) {
    return new Provenance(backend, model, reason, requestIds, took);
  }
}
