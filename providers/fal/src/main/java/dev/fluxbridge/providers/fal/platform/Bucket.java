package dev.fluxbridge.providers.fal.platform;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What belongs to one stretch of time, for example a day.
 *
 * @param start when it begins
 * @param rows one for each endpoint and unit
 */
public record Bucket<T>(Optional<Instant> start, List<T> rows) {
  public Bucket {
    rows = List.copyOf(rows);
  }
}
