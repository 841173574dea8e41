package dev.fluxbridge.providers.fal;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an endpoint answered.
 *
 * @param handle the request
 * @param json the answer, as it came
 * @param billableUnits what fal charges for it, in units of the endpoint; empty where it does not
 *     say
 */
public record FalResult(FalHandle handle, String json, Optional<BigDecimal> billableUnits) {

  /** Tells the size of the answer, which may hold a prompt, and nothing of it. */
  @Override
  public String toString() {
    return "FalResult[" + handle.requestId() + ", " + json.length() + " characters]";
  }
}
