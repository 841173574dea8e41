package dev.fluxbridge.golden;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Values that JSON has, in an order that stays. Stateless. */
final class Plain {
  private Plain() {}

  static SortedMap<String, Object> sorted(Map<?, ?> values, String path) {
    SortedMap<String, Object> sorted = new TreeMap<>();
    values.forEach((name, value) -> sorted.put(name.toString(), plain(value, path + name)));
    return Collections.unmodifiableSortedMap(sorted);
  }

  private static Object plain(Object value, String path) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return plain(Double.valueOf(number.toString()), path);
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "%s is %s, and JSON has no such number".formatted(path, number));
    }
    if (value instanceof String
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double) {
      return value;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> plain(item, path + "[]")).toList();
    }
    if (value instanceof Map<?, ?> map) {
      return sorted(map, path + ".");
    }
    throw new IllegalArgumentException(
        "%s is a %s, and a call is described by texts, numbers, booleans, lists and maps: Call.of(ImageRequest) makes one"
            .formatted(path, value.getClass().getSimpleName()));
  }
}
