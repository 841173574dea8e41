package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.github.tomakehurst.wiremock.http.Request;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.Picture;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the bodies of requests in a form that is the same in each run: pictures by their pixels, an
 * uploaded file by what was uploaded and not by its address, and no query of an address. Of one
 * run, because it remembers uploads; safe for use by several threads.
 */
final class Asked {
  private static final Pattern SLOT = Pattern.compile(Paths.SLOT + "(\\d+)");
  private static final Pattern FILE = Pattern.compile(".*" + Paths.SLOT + "(\\d+)" + Paths.FILE);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final boolean prompts;
  private final Consumer<String> hidden;
  private final Map<String, String> uploaded = new ConcurrentHashMap<>();

  /**
   * @param prompts whether prompts are told as they are, else by their SHA-256
   * @param hidden is given those that are not told
   */
  Asked(boolean prompts, Consumer<String> hidden) {
    this.prompts = prompts;
    this.hidden = hidden;
  }

  /** The path without its query. */
  static String path(Request request) {
    return request.getUrl().split("\\?", 2)[0];
  }

  /** The body; empty where there is none. */
  Optional<JsonNode> body(Request request) {
    byte[] bytes = request.getBody();
    if (bytes == null || bytes.length == 0) {
      return Optional.empty();
    }
    Matcher slot = SLOT.matcher(path(request));
    if (slot.matches()) {
      String told = described(bytes);
      uploaded.put(slot.group(1), told);
      return Optional.of(JSON.objectNode().put("file", told));
    }
    if (request.isMultipart()) {
      return Optional.of(parts(request));
    }
    return Optional.of(
        Text.json(bytes)
            .map(json -> told("", json))
            .orElseGet(() -> JSON.objectNode().put("body", described(bytes))));
  }

  private JsonNode parts(Request request) {
    ObjectNode parts = JSON.objectNode();
    for (Request.Part part : request.getParts()) {
      byte[] bytes = part.getBody().asBytes();
      JsonNode value =
          part.getFileName() == null
              ? told(part.getName(), new TextNode(new String(bytes, StandardCharsets.UTF_8)))
              : new TextNode(described(bytes));
      JsonNode before = parts.get(part.getName());
      if (before == null) {
        parts.set(part.getName(), value);
      } else {
        ArrayNode several = before instanceof ArrayNode all ? all : JSON.arrayNode().add(before);
        parts.set(part.getName(), several.add(value));
      }
    }
    return parts;
  }

  private JsonNode told(String field, JsonNode value) {
    if (value instanceof ObjectNode object) {
      ObjectNode told = JSON.objectNode();
      // A client may write its fields in another order in each process.
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names.stream().sorted().forEach(name -> told.set(name, told(name, object.path(name))));
      return told;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode told = JSON.arrayNode();
      array.forEach(item -> told.add(told(field, item)));
      return told;
    }
    return value.isTextual() ? new TextNode(told(field, value.textValue())) : value;
  }

  private String told(String field, String text) {
    if (Fields.isPrompt(field)) {
      if (prompts) {
        return text;
      }
      hidden.accept(text);
      return Fields.hidden(text);
    }
    Matcher file = FILE.matcher(text);
    if (file.matches()) {
      return "uploaded " + uploaded.getOrDefault(file.group(1), "before this run");
    }
    Optional<byte[]> data = Text.dataUri(text);
    if (data.isPresent()) {
      return described(data.get());
    }
    return Text.isAddress(text) ? withoutQuery(text) : text;
  }

  /** A query may be a permission. */
  private static String withoutQuery(String address) {
    int query = address.indexOf('?');
    String bare = query < 0 ? address : address.substring(0, query);
    String user = URI.create(bare).getRawUserInfo();
    return user == null ? bare : bare.replace(user + "@", "");
  }

  private static String described(byte[] file) {
    try {
      Bitmap picture = Bitmaps.withAlpha(new Picture.Encoded(file, "image/*"));
      return "picture of %dx%d, %d channels, pixels sha256:%s"
          .formatted(
              picture.width(),
              picture.height(),
              picture.channels(),
              Fields.sha256(picture.pixels()));
    } catch (RuntimeException noPicture) {
      return "%d bytes, sha256:%s".formatted(file.length, Fields.sha256(file));
    }
  }
}
