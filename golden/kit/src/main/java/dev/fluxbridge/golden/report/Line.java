package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of results.ndjson, in the format that {@code dev.fluxbridge.golden} describes. Fields
 * that are not known are left out, those that are not there are empty. Immutable.
 */
record Line(
    @JsonProperty(required = true) int schema,
    String run,
    String at,
    @JsonProperty(required = true) Outcome status,
    @JsonProperty(required = true) String testClass,
    @JsonProperty(required = true) String name,
    String test,
    @JsonProperty(required = true) String key,
    String against,
    String kind,
    String message,
    List<String> callDifferences,
    Map<String, Map<String, Object>> origins,
    List<Pictured> pictures) {
  private static final int SCHEMA = 1;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @SuppressWarnings("NullAway") // Jackson gives null for what is not there
  Line {
    run = text(run);
    at = text(at);
    test = text(test);
    against = text(against);
    kind = text(kind);
    message = text(message);
    callDifferences = list(callDifferences);
    origins = origins == null ? Map.of() : Map.copyOf(origins);
    pictures = list(pictures);
  }

  /** One picture, or the latents, of a case. */
  record Pictured(
      int index,
      String golden,
      String goldenPreview,
      String received,
      String receivedPreview,
      String heatMap,
      String heatMapPreview,
      int width,
      int height,
      @Nullable Boolean passed,
      List<Verdict> verdicts,
      @Nullable Box changed,
      List<Finding> findings) {
    @SuppressWarnings("NullAway") // as above
    Pictured {
      golden = text(golden);
      goldenPreview = text(goldenPreview);
      received = text(received);
      receivedPreview = text(receivedPreview);
      heatMap = text(heatMap);
      heatMapPreview = text(heatMapPreview);
      verdicts = list(verdicts);
      findings = list(findings);
    }
  }

  /** What a measure says. Values are numbers, or {@code infinite}. */
  record Verdict(
      String measure,
      String label,
      JsonNode value,
      JsonNode limit,
      String direction,
      boolean passed,
      String limitFrom) {
    @SuppressWarnings("NullAway") // as above
    Verdict {
      measure = text(measure);
      label = label == null ? measure : label;
      value = value == null ? NullNode.instance : value;
      limit = limit == null ? NullNode.instance : limit;
      direction = text(direction);
      limitFrom = text(limitFrom);
      number("value", value);
      number("limit", limit);
    }

    @JsonIgnore
    double distance() {
      return number("value", value);
    }

    @JsonIgnore
    double allowed() {
      return number("limit", limit);
    }

    @JsonIgnore
    boolean lowerIsNearer() {
      return direction.equals("lower_is_nearer");
    }

    private static double number(String name, JsonNode node) {
      if (node.isNumber()) {
        return node.doubleValue();
      }
      if (node.isTextual() && node.textValue().equals("infinite")) {
        return Double.POSITIVE_INFINITY;
      }
      throw new IllegalArgumentException("has a %s that is no number".formatted(name));
    }
  }

  record Box(double share, int left, int top, int right, int bottom) {}

  record Finding(String suspect, String because) {
    @SuppressWarnings("NullAway") // as above
    Finding {
      suspect = text(suspect);
      because = text(because);
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> list(@Nullable List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  /**
   * Reads one.
   *
   * @throws BrokenLine if it is none, with a message for people
   */
  static Line of(String text) throws BrokenLine {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        throw new BrokenLine("is no JSON object");
      }
      int schema = node.path("schema").asInt();
      if (schema != SCHEMA) {
        throw new BrokenLine(
            "is of schema %s, and this version reads schema %d: take the fluxbridge-golden that wrote it, or delete it"
                .formatted(node.path("schema"), SCHEMA));
      }
      return MAPPER.treeToValue(node, Line.class);
    } catch (JsonMappingException e) {
      throw new BrokenLine(
          "has '%s' that is not what the format says%s".formatted(path(e), reason(e)));
    } catch (JsonProcessingException e) {
      throw new BrokenLine(
          "is no JSON from column %d on: was it cut off?"
              .formatted(Math.max(1, e.getLocation().getColumnNr())));
    }
  }

  private static String reason(JsonMappingException e) {
    return e.getCause() instanceof IllegalArgumentException own ? ": it " + own.getMessage() : "";
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream().map(Line::step).collect(Collectors.joining(".")).replace(".[", "[");
  }

  private static String step(Reference step) {
    return step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName();
  }
}
