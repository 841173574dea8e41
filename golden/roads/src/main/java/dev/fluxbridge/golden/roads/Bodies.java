package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a recording beside its JSON, each once however often it came, and the way of replies
 * into a recording and back. Not safe for use by several threads.
 */
final class Bodies {
  private static final String FILE = "file:";
  private static final String SCRUBBED = "scrubbed";

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /** By their names. */
  Map<String, byte[]> files() {
    return files;
  }

  /** Keeps a file, and tells its name. */
  String file(byte[] bytes) {
    for (Map.Entry<String, byte[]> known : files.entrySet()) {
      if (Arrays.equals(known.getValue(), bytes)) {
        return known.getKey();
      }
    }
    String type = FileType.ofPicture(bytes).orElse("application/bin");
    String name =
        "%s-%d.%s"
            .formatted(
                type.startsWith("image/") ? "picture" : "file",
                files.size() + 1,
                type.replaceFirst(".*/", ""));
    files.put(name, bytes);
    return name;
  }

  /** What is kept of a reply: no text but those that are known, and pictures as files. */
  JsonNode kept(String field, JsonNode reply) {
    if (reply instanceof ObjectNode object) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(e -> kept.set(e.getKey(), kept(e.getKey(), e.getValue())));
      return kept;
    }
    if (reply instanceof ArrayNode array) {
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> kept.add(kept(field, item)));
      return kept;
    }
    return reply.isTextual() ? new TextNode(kept(field, reply.textValue())) : reply;
  }

  private String kept(String field, String text) {
    if (text.startsWith(Paths.HERE) || Fields.isKept(field)) {
      return text;
    }
    Optional<byte[]> data = field.equals("b64_json") ? Text.base64(text) : Text.dataUri(text);
    return data.map(bytes -> FILE + file(bytes)).orElse(SCRUBBED);
  }

  /** Names of the files that a kept reply speaks of. */
  static List<String> names(JsonNode kept) {
    List<String> names = new ArrayList<>();
    if (kept.isTextual() && kept.textValue().startsWith(FILE)) {
      names.add(kept.textValue().substring(FILE.length()));
    }
    kept.forEach(child -> names.addAll(names(child)));
    return names;
  }

  /** A reply as it was, but for what was scrubbed. */
  static JsonNode whole(String field, JsonNode kept, Map<String, byte[]> files) {
    if (kept instanceof ObjectNode object) {
      ObjectNode whole = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(e -> whole.set(e.getKey(), whole(e.getKey(), e.getValue(), files)));
      return whole;
    }
    if (kept instanceof ArrayNode array) {
      ArrayNode whole = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> whole.add(whole(field, item, files)));
      return whole;
    }
    byte[] bytes =
        kept.isTextual() && kept.textValue().startsWith(FILE)
            ? files.get(kept.textValue().substring(FILE.length()))
            : null;
    if (bytes == null) {
      return kept;
    }
    String base64 = Base64.getEncoder().encodeToString(bytes);
    String type = FileType.ofPicture(bytes).orElse("application/octet-stream");
    return new TextNode(field.equals("b64_json") ? base64 : "data:" + type + ";base64," + base64);
  }
}
