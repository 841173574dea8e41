package dev.fluxbridge.providers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a result came from.
 *
 * @param backend the backend's name
 * @param model what drew it: a checkpoint folder or a provider's endpoint id
 * @param decision why this backend was chosen; empty until the router says
 * @param requestIds the provider's ids, one for each request that the call became; empty for a
 *     local call
 * @param took from the call to the last byte
 */
public record Provenance(
    String backend,
    String model,
    Optional<Decision> decision,
    List<String> requestIds,
    Duration took) {
  public Provenance {
    requestIds = List.copyOf(requestIds);
  }

  /** What a backend says of itself. */
  public Provenance(String backend, String model, List<String> requestIds, Duration took) {
    this(backend, model, Optional.empty(), requestIds, took);
  }

  /** Why this backend was chosen, in words for people; empty until the router says. */
  public String because() {
    return decision.map(Decision::because).orElse("");
  }

  /** The same, with the router's decision. */
  public Provenance withDecision(Decision made) {
    return new Provenance(backend, model, Optional.of(made), requestIds, took);
  }
}
