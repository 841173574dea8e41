package dev.fluxbridge.providers.fal;

import java.util.List;

/**
 * One complaint of an endpoint.
 *
 * @param location where in the request, outermost first, for example {@code body, num_images}
 * @param message what is wrong, in fal's words
 * @param type fal's name for it, for example {@code content_policy_violation}; may be empty
 */
public record FalDetail(List<String> location, String message, String type) {
  public FalDetail {
    location = List.copyOf(location);
  }
}
