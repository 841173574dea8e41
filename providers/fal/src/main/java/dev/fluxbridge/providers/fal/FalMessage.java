package dev.fluxbridge.providers.fal;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a realtime endpoint sent. Immutable, but for the bytes in it.
 *
 * @param values by name: null, {@link Boolean}, {@link Long}, {@link java.math.BigInteger} above
 *     that, {@link Double}, {@link String}, {@code byte[]}, lists and maps of these
 */
public record FalMessage(Map<String, @Nullable Object> values) {

  /** The same as JSON, with bytes as base64. */
  public String json() {
    return JsonValues.json(values);
  }

  /** The id that the input gave it, where the endpoint returns it. */
  public Optional<String> requestId() {
    return values.get("request_id") instanceof String id ? Optional.of(id) : Optional.empty();
  }

  /** Tells the names only. */
  @Override
  public String toString() {
    return "FalMessage" + values.keySet();
  }
}
