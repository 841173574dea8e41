package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.fal.platform.Period;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A path of the platform API and what stands behind its question mark. Immutable. */
final class PlatformQuery {
  private final String path;
  private final List<String> pairs;

  private PlatformQuery(String path, List<String> pairs) {
    this.path = path;
    this.pairs = pairs;
  }

  static PlatformQuery of(String path) {
    return new PlatformQuery(path, List.of());
  }

  PlatformQuery with(String name, String value) {
    List<String> more = new ArrayList<>(pairs);
    more.add(name + "=" + URLEncoder.encode(value, UTF_8));
    return new PlatformQuery(path, more);
  }

  PlatformQuery with(String name, Optional<String> value) {
    return value.map(given -> with(name, given)).orElse(this);
  }

  /** The name once for each value, as the API takes lists. */
  PlatformQuery with(String name, List<String> values) {
    PlatformQuery query = this;
    for (String value : values) {
      query = query.with(name, value);
    }
    return query;
  }

  PlatformQuery within(Period period) {
    return with("start", period.start().toString()).with("end", period.end().toString());
  }

  PlatformQuery from(@Nullable String cursor) {
    return cursor == null ? this : with("cursor", cursor);
  }

  URI at(URI base) {
    return FalHosts.at(base, pairs.isEmpty() ? path : path + "?" + String.join("&", pairs));
  }
}
