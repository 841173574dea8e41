package dev.fluxbridge.providers.fal.image;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in words which endpoint takes which numbers. */
final class Ranges {
  private Ranges() {}

  /** The commonest range first, and the others with the endpoints that have them. */
  static String text(Function<Endpoint, Optional<Range>> field) {
    Map<Range, List<String>> byRange =
        Endpoints.ALL.stream()
            .filter(endpoint -> field.apply(endpoint).isPresent())
            .collect(
                Collectors.groupingBy(
                    endpoint -> field.apply(endpoint).orElseThrow(),
                    LinkedHashMap::new,
                    Collectors.mapping(Endpoint::id, Collectors.toList())));
    List<Map.Entry<Range, List<String>>> sorted =
        byRange.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
            .toList();
    return sorted.stream()
        .map(
            entry ->
                entry == sorted.get(0)
                    ? entry.getKey().toString()
                    : entry.getKey() + " on " + String.join(", ", entry.getValue()))
        .collect(Collectors.joining("; "));
  }
}
