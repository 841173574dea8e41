package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended on one road, the served one or the shadow.
 *
 * @param backend the road
 * @param result the pictures; null if there are none
 * @param failure why there are none; null if there are
 * @param took from the call to its end
 * @param cost in money; empty where that is not known
 */
record Ended(
    String backend,
    @Nullable ImageResult result,
    @Nullable BackendException failure,
    Duration took,
    Optional<BigDecimal> cost) {

  Optional<Reason> reason() {
    return Optional.ofNullable(failure).map(BackendException::reason);
  }

  List<String> requestIds() {
    if (result != null) {
      return result.provenance().requestIds();
    }
    return failure == null ? List.of() : failure.requestId().stream().toList();
  }
}
