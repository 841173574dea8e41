package dev.fluxbridge.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON in and out, with messages that name the file and the field. Stateless. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private static final ObjectWriter PRETTY =
      MAPPER.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                      .withArrayEmptySeparator("")
                      .withObjectEmptySeparator(""))
              .withObjectIndenter(LINES)
              .withArrayIndenter(LINES));

  private Json() {}

  /** For people: a field or an item a line, in the order of the map. */
  static String pretty(Map<String, Object> values) {
    return written(PRETTY, values) + "\n";
  }

  static String line(Map<String, Object> values) {
    return written(MAPPER.writer(), values) + "\n";
  }

  private static String written(ObjectWriter writer, Map<String, Object> values) {
    try {
      return writer.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of plain values are always JSON", e);
    }
  }

  /**
   * A text that is one object.
   *
   * @param file for messages
   */
  static Fields read(String text, String file) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return new Fields(object, file, "");
      }
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new GoldenException(
          "%s is no JSON at line %d, column %d: %s. Mend it by hand, or take it anew"
              .formatted(
                  file,
                  at.getLineNr(),
                  at.getColumnNr(),
                  // Behind that it speaks of a source that it does not show.
                  e.getOriginalMessage().replaceAll("(?s) ?\\(start marker.*", "")),
          e);
    }
    throw new GoldenException(file + " is empty or no object: take the golden anew");
  }

  /** The fields of an object, each asked for with the kind that it must have. */
  record Fields(ObjectNode node, String file, String path) {
    String text(String name) {
      JsonNode value = present(name);
      if (!value.isTextual()) {
        throw wrong(name, "a text");
      }
      return value.textValue();
    }

    double number(String name) {
      JsonNode value = present(name);
      if (!value.isNumber()) {
        throw wrong(name, "a number");
      }
      return value.doubleValue();
    }

    int integer(String name) {
      JsonNode value = present(name);
      if (!value.canConvertToInt() || !value.isIntegralNumber()) {
        throw wrong(name, "a whole number");
      }
      return value.intValue();
    }

    boolean flag(String name) {
      JsonNode value = present(name);
      if (!value.isBoolean()) {
        throw wrong(name, "true or false");
      }
      return value.booleanValue();
    }

    Fields object(String name) {
      if (present(name) instanceof ObjectNode object) {
        return new Fields(object, file, path + name + ".");
      }
      throw wrong(name, "an object");
    }

    List<Fields> objects(String name) {
      List<Fields> objects = new ArrayList<>();
      for (JsonNode item : items(name)) {
        if (!(item instanceof ObjectNode object)) {
          throw wrong(name, "a list of objects");
        }
        objects.add(new Fields(object, file, path + name + "[]."));
      }
      return objects;
    }

    List<String> texts(String name) {
      List<String> texts = new ArrayList<>();
      for (JsonNode item : items(name)) {
        if (!item.isTextual()) {
          throw wrong(name, "a list of texts");
        }
        texts.add(item.textValue());
      }
      return texts;
    }

    List<Long> integers(String name) {
      List<Long> integers = new ArrayList<>();
      for (JsonNode item : items(name)) {
        if (!item.canConvertToLong() || !item.isIntegralNumber()) {
          throw wrong(name, "a list of whole numbers");
        }
        integers.add(item.longValue());
      }
      return integers;
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      return names;
    }

    boolean has(String name) {
      return node.has(name);
    }

    /** Everything as maps, lists and plain values. */
    Map<String, Object> plain() {
      return plain(node);
    }

    private static Map<String, Object> plain(ObjectNode object) {
      Map<String, Object> values = new LinkedHashMap<>();
      object.properties().forEach(field -> values.put(field.getKey(), value(field.getValue())));
      return values;
    }

    private static Object value(JsonNode node) {
      if (node instanceof ObjectNode object) {
        return plain(object);
      }
      if (node.isArray()) {
        List<Object> items = new ArrayList<>();
        node.forEach(item -> items.add(value(item)));
        return items;
      }
      if (node.isIntegralNumber()) {
        return node.longValue();
      }
      return node.isNumber()
          ? node.doubleValue()
          : node.isBoolean() ? node.asBoolean() : node.asText();
    }

    private JsonNode items(String name) {
      JsonNode value = present(name);
      if (!value.isArray()) {
        throw wrong(name, "a list");
      }
      return value;
    }

    private JsonNode present(String name) {
      JsonNode value = node.get(name);
      if (value == null) {
        throw new GoldenException(
            "%s has no '%s%s': take the golden anew".formatted(file, path, name));
      }
      return value;
    }

    GoldenException wrong(String name, String kind) {
      return new GoldenException(
          "%s has '%s%s' that is not %s: mend it by hand, or take the golden anew"
              .formatted(file, path, name, kind));
    }
  }
}
