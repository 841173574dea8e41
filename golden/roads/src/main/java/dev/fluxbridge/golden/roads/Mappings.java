package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.golden.GoldenException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes the files of a recording out of what was exchanged. Stateless. */
final class Mappings {
  private static final int NAME = 70;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Mappings() {}

  /**
   * All files, by their names below the recording's folder.
   *
   * @param exchanges in their order
   * @param prompts whether prompts are kept as they are
   * @throws GoldenException if they are larger than what is kept with sources
   */
  static Map<String, byte[]> files(
      Path folder, String road, List<Exchanges.Exchange> exchanges, boolean prompts, Instant at) {
    Bodies bodies = new Bodies();
    Map<String, byte[]> files = new LinkedHashMap<>();
    ObjectNode hashes = JSON.objectNode();
    Map<Exchanges.Question, Integer> times = new HashMap<>();
    for (int i = 0; i < exchanges.size(); i++) {
      int time = times.merge(exchanges.get(i).question().anySlot(), 1, Integer::sum);
      String name = name(i + 1, exchanges.get(i).question());
      files.put(
          Recording.MAPPINGS + name + ".json",
          Text.pretty(mapping(name, time, exchanges.get(i), bodies)));
    }
    bodies.files().forEach((name, bytes) -> files.put(Recording.BODIES + name, bytes));
    files.forEach((name, bytes) -> hashes.put(name, Fields.sha256(bytes)));
    ObjectNode head =
        JSON.objectNode()
            .put("schema", Recording.SCHEMA)
            .put("road", road)
            .put("prompts", prompts ? "plain" : "sha256")
            .put("recorded_at", at.toString());
    head.set("files", hashes);
    files.put(Recording.HEAD, Text.pretty(head));
    requireSmall(folder, files);
    return files;
  }

  private static String name(int number, Exchanges.Question question) {
    String words = (question.method() + question.path()).toLowerCase(Locale.ROOT);
    String slug = words.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return "%02d-%s".formatted(number, slug.substring(0, Math.min(NAME, slug.length())));
  }

  private static ObjectNode mapping(
      String name, int time, Exchanges.Exchange exchange, Bodies bodies) {
    Exchanges.Question question = exchange.question().anySlot();
    ObjectNode mapping = JSON.objectNode().put("name", name);
    ObjectNode request = mapping.putObject("request").put("method", question.method());
    request.put(
        question.path().startsWith(Paths.SLOT) ? "urlPathPattern" : "urlPath", question.path());
    if (!question.looks()) {
      request.putObject("headers").putObject(Replay.TIME).put("equalTo", String.valueOf(time));
    }
    question
        .body()
        .ifPresent(body -> request.putArray("bodyPatterns").addObject().set("equalToJson", body));
    Exchanges.Answer answer = exchange.answer();
    ObjectNode response = mapping.putObject("response").put("status", answer.status());
    if (!answer.headers().isEmpty()) {
      ObjectNode headers = response.putObject("headers");
      answer.headers().forEach(headers::put);
    }
    answer.json().ifPresent(json -> response.set("jsonBody", bodies.kept("", json)));
    answer.bytes().ifPresent(bytes -> response.put("bodyFileName", bodies.file(bytes)));
    return mapping;
  }

  private static void requireSmall(Path folder, Map<String, byte[]> files) {
    long total = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      total += file.getValue().length;
      if (file.getValue().length > RoadSwitches.fileLimit()) {
        throw tooLarge(folder + "/" + file.getKey(), "golden.file-megabytes");
      }
    }
    if (total > RoadSwitches.recordingLimit()) {
      throw tooLarge(folder.toString(), "golden.megabytes");
    }
  }

  static GoldenException tooLarge(String what, String property) {
    return new GoldenException(
        "%s is larger than what is kept with sources: draw it smaller for this test, or raise -D%s"
            .formatted(what, property));
  }
}
