package dev.fluxbridge.golden.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON file of a model's folder, with messages that name it. Immutable. */
record JsonFile(Path file, JsonNode root) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static JsonFile read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (!root.isObject()) {
        throw new GoldenException("%s holds no JSON object".formatted(file));
      }
      return new JsonFile(file, root);
    } catch (JsonProcessingException e) {
      throw new GoldenException(
          "%s is no JSON at line %d: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  GoldenException wrong(String key, String expected) {
    String found = root.at("/" + key.replace('.', '/')).toString();
    return new GoldenException(
        "%s: %s is not %s but %s"
            .formatted(file, key, expected, found.isEmpty() ? "missing" : found));
  }
}
