package dev.fluxbridge.providers.fal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One complaint of an endpoint. It never holds the input that was complained about.
 *
 * <p>Source: fal's documentation of model errors, whose table names the types and their context.
 *
 * @param location where in the request, outermost first, for example {@code body, num_images};
 *     places in lists are numbers
 * @param message what is wrong, in fal's words
 * @param type fal's name for it, for example {@code content_policy_violation}; may be empty
 * @param context what goes with the type, for example {@code max_size}, as text or else as JSON
 */
public record FalDetail(
    List<String> location, String message, String type, Map<String, String> context) {

  public FalDetail {
    location = List.copyOf(location);
    context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
  }

  /** The location in one text, for example {@code body.loras[0].scale}. */
  public String path() {
    StringBuilder path = new StringBuilder();
    for (String part : location) {
      if (part.matches("\\d+")) {
        path.append('[').append(part).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(part);
      }
    }
    return path.toString();
  }

  /** Tells where and which kind, and nothing of what goes with it. */
  @Override
  public String toString() {
    return "FalDetail[" + path() + (type.isEmpty() ? "" : ", " + type) + "]";
  }
}
