package dev.fluxbridge.providers.fal.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Planned requests as they will be sent, with addresses in place of what is uploaded. */
final class Bodies {
  static final String UPLOADED = "https://storage.example/";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Bodies() {}

  static JsonNode of(FalImagePlan.Part part) {
    // as text, so that whole numbers are alike however wide they were
    return read(text(part));
  }

  static String text(FalImagePlan.Part part) {
    return MAPPER.valueToTree(sent(part.input())).toString();
  }

  static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (java.io.IOException notJson) {
      throw new IllegalArgumentException(notJson);
    }
  }

  private static Object sent(Object value) {
    if (value instanceof byte[] png) {
      return UPLOADED + png.length + ".png";
    }
    if (value instanceof Path) {
      return UPLOADED + "weights";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Bodies::sent).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> sent = new LinkedHashMap<>();
      map.forEach((key, item) -> sent.put(key, sent(item)));
      return sent;
    }
    return value;
  }
}
