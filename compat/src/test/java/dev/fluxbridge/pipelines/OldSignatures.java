package dev.fluxbridge.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.providers.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What was read out of the old Python classes: {@code tools/signatures} made it. */
final class OldSignatures {
  private static final JsonNode ALL = read();

  private OldSignatures() {}

  private static JsonNode read() {
    try (var in = OldSignatures.class.getResourceAsStream("old-signatures.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode of(Pipeline pipeline) {
    return ALL.get(pipeline.facade());
  }

  static int count() {
    return ALL.size();
  }

  /** The texts of the errors that {@code check_inputs} raises, in their order. */
  static List<String> checks(Pipeline pipeline) {
    return texts(of(pipeline).get("checks"));
  }

  /** The texts of the errors that come later in a call. */
  static List<String> later(Pipeline pipeline) {
    return texts(of(pipeline).get("later"));
  }

  private static List<String> texts(JsonNode raises) {
    return StreamSupport.stream(raises.spliterator(), false)
        .map(raise -> raise.get("text").asText())
        .toList();
  }

  /** An old text with anything where Python puts a value. */
  static Pattern pattern(String old) {
    return Pattern.compile(
        Pattern.compile("\\{(?:[^{}\\[\\]]|\\[[^\\]]*])*}")
            .splitAsStream(old)
            .map(Pattern::quote)
            .collect(Collectors.joining("(?s:.+)", "", old.endsWith("}") ? "(?s:.+)" : "")));
  }

  /** A value as Python's {@code repr} prints it. */
  static String python(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    return value instanceof List<?> list ? Python.list(list) : value.toString();
  }

  /** Snake case to camel case; a leading underscore goes. */
  static String camel(String snake) {
    StringBuilder camel = new StringBuilder();
    for (String part : snake.replaceFirst("^_", "").split("_", -1)) {
      camel.append(
          camel.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return camel.toString();
  }
}
