package dev.fluxbridge.providers.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import mockwebserver3.RecordedRequest;

/** Holds what was sent to what OpenAI publishes that it takes; an unknown key is an error. */
final class Schemas {
  private static final JsonSchema GENERATIONS = read("generations");
  private static final JsonSchema EDITS = read("edits");

  private Schemas() {}

  static Set<ValidationMessage> complaints(RecordedRequest request) {
    return request.getTarget().equals("/v1/images/edits")
        ? EDITS.validate(parts(request))
        : GENERATIONS.validate(OpenAiServer.json(request));
  }

  /** A multipart body as an object; a name with brackets may come more than once. */
  static JsonNode parts(RecordedRequest request) {
    ObjectNode fields = OpenAiServer.JSON.createObjectNode();
    for (Multipart part : Multipart.of(request)) {
      JsonNode value =
          part.filename()
              .<JsonNode>map(
                  name ->
                      OpenAiServer.JSON
                          .createObjectNode()
                          .put("filename", name)
                          .put("type", part.type())
                          .put("bytes", part.bytes().length))
              .orElseGet(() -> OpenAiServer.JSON.valueToTree(new String(part.bytes(), UTF_8)));
      if (part.name().endsWith("[]")) {
        fields.withArray("/" + part.name()).add(value);
      } else if (fields.putIfAbsent(part.name(), value) != null) {
        throw new AssertionError(part.name() + " came twice");
      }
    }
    return fields;
  }

  private static JsonSchema read(String name) {
    String file = "/openai-schemas/" + name + ".json";
    try (InputStream in = Schemas.class.getResourceAsStream(file)) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(OpenAiServer.JSON.readTree(Objects.requireNonNull(in, file)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
