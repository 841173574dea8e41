package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives every address in a provider's replies a number on this machine, and knows what it stood
 * for: whoever has such an address may use it, so none is recorded. Safe for use by several
 * threads.
 */
final class Links {
  private final Map<String, URI> bases;
  private final Map<String, String> byAddress = new HashMap<>();
  private final Map<String, URI> byPath = new LinkedHashMap<>();
  private int links;
  private int slots;

  /**
   * @param bases of the provider by their paths on this machine; what lies below one keeps its
   *     path, and its query here
   */
  Links(Map<String, URI> bases) {
    this.bases = Map.copyOf(bases);
  }

  /** The same reply with addresses of {@link Paths#HERE} alone. */
  synchronized JsonNode here(JsonNode reply) {
    if (reply instanceof ObjectNode object) {
      upload(object);
      ObjectNode here = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(field -> here.set(field.getKey(), here(field.getValue())));
      return here;
    }
    if (reply instanceof ArrayNode array) {
      ArrayNode here = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> here.add(here(item)));
      return here;
    }
    return reply.isTextual() && Text.isAddress(reply.textValue())
        ? new TextNode(Paths.HERE + here(reply.textValue()))
        : reply;
  }

  /** Where a file goes to and where it lies then belong together. */
  private void upload(ObjectNode reply) {
    String to = reply.path("upload_url").asText();
    String file = reply.path("file_url").asText();
    if (Text.isAddress(to) && Text.isAddress(file)) {
      String slot = Paths.SLOT + ++slots;
      put(to, slot);
      put(file, slot + Paths.FILE);
    }
  }

  private String here(String address) {
    String known = byAddress.get(address);
    return known != null
        ? known
        : below(address).orElseGet(() -> put(address, Paths.LINK + ++links));
  }

  private Optional<String> below(String address) {
    for (Map.Entry<String, URI> base : bases.entrySet()) {
      String text = base.getValue().toString().replaceFirst("/$", "");
      if (address.startsWith(text + "/")) {
        String path = base.getKey() + address.substring(text.length()).replaceFirst("[?#].*", "");
        return Optional.of(address.indexOf('?') < 0 ? path : put(address, path));
      }
    }
    return Optional.empty();
  }

  private String put(String address, String path) {
    byAddress.put(address, path);
    byPath.put(path, URI.create(address));
    return path;
  }

  /** What a path stands for, if it was given to an address as a whole. */
  synchronized Optional<URI> there(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** All that have a number. */
  synchronized List<URI> addresses() {
    return List.copyOf(byPath.values());
  }
}
