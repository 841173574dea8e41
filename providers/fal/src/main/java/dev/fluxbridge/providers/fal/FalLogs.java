package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the lines of a status, and knows which of them came before: fal tells a moving window of
 * them each time. Not safe for use by several threads; for one request.
 *
 * <p>Source: the two shapes of a log entry in fal's JavaScript and Java clients.
 */
final class FalLogs {
  /** More than the window that fal tells, and few enough to keep for each waiting request. */
  private static final int REMEMBERED = 4096;

  private final Set<Key> seen = new LinkedHashSet<>();

  private record Key(String timestamp, String message) {}

  static List<FalLog> read(JsonNode logs) {
    List<FalLog> lines = new ArrayList<>();
    for (JsonNode entry : logs) {
      if (entry.isTextual()) {
        lines.add(new FalLog(entry.textValue(), "", "", ""));
      } else if (entry.isObject()) {
        JsonNode labels = entry.path("labels");
        lines.add(
            new FalLog(
                entry.path("message").asText(""),
                Json.text(entry, "level").or(() -> Json.text(labels, "level")).orElse(""),
                Json.text(entry, "source").or(() -> Json.text(labels, "source")).orElse(""),
                entry.path("timestamp").asText("")));
      }
    }
    return lines;
  }

  /** Those that did not come before. */
  List<FalLog> fresh(List<FalLog> lines) {
    List<FalLog> fresh =
        lines.stream().filter(line -> seen.add(new Key(line.timestamp(), line.message()))).toList();
    var oldest = seen.iterator();
    for (int spare = seen.size() - REMEMBERED; spare > 0; spare--) {
      oldest.next();
      oldest.remove();
    }
    return fresh;
  }
}
