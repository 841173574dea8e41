package dev.fluxbridge.providers.fal;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an endpoint answered.
 *
 * @param handle the request
 * @param json the answer, as it came
 * @param headers what came beside it
 */
public record FalResult(FalHandle handle, String json, FalHeaders headers) {

  /** What fal charges for it, in units of the endpoint; empty where it does not say. */
  public Optional<BigDecimal> billableUnits() {
    return headers.billableUnits();
  }

  /** Tells the size of the answer, which may hold a prompt, and nothing of it. */
  @Override
  public String toString() {
    return "FalResult[" + handle.requestId() + ", " + json.length() + " characters]";
  }
}
