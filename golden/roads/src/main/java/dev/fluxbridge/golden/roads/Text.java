package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that go over the wire: JSON, data URIs, addresses. Stateless. */
final class Text {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern DATA = Pattern.compile("data:[^,]{0,200};base64,(?<data>.*)");
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter PRETTY =
      JSON.writer(
          new DefaultPrettyPrinter(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(LINES)
              .withArrayIndenter(LINES));

  private Text() {}

  /** An object or a list; empty for anything else. */
  static Optional<JsonNode> json(byte[] bytes) {
    try {
      return Optional.ofNullable(JSON.readTree(bytes)).filter(JsonNode::isContainerNode);
    } catch (IOException noJson) {
      return Optional.empty();
    }
  }

  /** For people: a field a line. */
  static byte[] pretty(JsonNode json) {
    return written(PRETTY, json, "\n");
  }

  static byte[] line(JsonNode json) {
    return written(JSON.writer(), json, "");
  }

  private static byte[] written(ObjectWriter writer, JsonNode json, String end) {
    try {
      return (writer.writeValueAsString(json) + end).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** What a data URI in base64 holds; empty for any other text. */
  static Optional<byte[]> dataUri(String text) {
    if (!text.startsWith("data:")) {
      return Optional.empty();
    }
    Matcher data = DATA.matcher(text);
    return data.matches() ? base64(data.group("data")) : Optional.empty();
  }

  static Optional<byte[]> base64(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /** Whether it is an address of the web as a whole. */
  static boolean isAddress(String text) {
    try {
      return text.matches("(?i)https?://\\S+") && URI.create(text).getHost() != null;
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }
}
