package dev.fluxbridge.providers.fal.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** fal's published schemas, made strict: a key that they do not name is an error at any depth. */
final class Schemas {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, JsonSchema> INPUTS = new ConcurrentHashMap<>();

  private Schemas() {}

  static Set<ValidationMessage> complaints(String endpoint, String json) {
    try {
      return INPUTS.computeIfAbsent(endpoint, Schemas::input).validate(MAPPER.readTree(json));
    } catch (IOException notJson) {
      throw new UncheckedIOException(notJson);
    }
  }

  private static JsonSchema input(String endpoint) {
    JsonNode schema = published(endpoint);
    close(schema);
    return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
  }

  /** What an endpoint takes, as fal published it. */
  static JsonNode published(String endpoint) {
    return schema(endpoint, "input");
  }

  /** What an endpoint answers. */
  static JsonNode answer(String endpoint) {
    return schema(endpoint, "output");
  }

  private static JsonNode schema(String endpoint, String part) {
    String file = "/fal-schemas/" + endpoint.replace("/", "__") + ".json";
    try (InputStream in = Schemas.class.getResourceAsStream(file)) {
      return MAPPER.readTree(Objects.requireNonNull(in, file)).path(part);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      if (object.path("properties").isObject() && !object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
      object.forEach(Schemas::close);
    } else if (schema instanceof ArrayNode array) {
      array.forEach(Schemas::close);
    }
  }
}
