package dev.fluxbridge.legacy.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One JSON file of a checkpoint, read key by key. A key that is missing or of the wrong kind is an
 * error that names the file and the key.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class Config {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final int MOST_LAYERS = 1000;

  private final Path file;
  private final JsonNode root;

  private Config(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a file that holds one JSON object.
   *
   * @throws CheckpointException if it is missing or not a JSON object
   */
  public static Config read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "the file is missing", file, "Copy the whole checkpoint folder as diffusers saved it.");
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root == null || !root.isObject()) {
        throw new CheckpointException(
            "the file holds no JSON object", file, "Copy it again from where it came.");
      }
      return new Config(file, root);
    } catch (JsonProcessingException e) {
      e.clearLocation();
      throw new CheckpointException(
          "the file is not JSON (" + e.getOriginalMessage() + ")",
          file,
          "Copy it again from where it came.",
          e);
    } catch (IOException e) {
      throw new CheckpointException(
          "the file cannot be read (" + e + ")", file, "Check its permissions.", e);
    }
  }

  /** What a file's other content amounts to. */
  static Config of(Path file, JsonNode root) {
    return new Config(file, root);
  }

  /** The file it was read from. */
  public Path file() {
    return file;
  }

  /** The whole JSON object as text, for parts whose shape is another library's business. */
  public String json() {
    return root.toString();
  }

  /** The JSON object itself. */
  JsonNode root() {
    return root;
  }

  /** A whole number, at least 1. */
  public int size(String key) {
    JsonNode value = need(key, n -> n.canConvertToInt() && n.isIntegralNumber(), "a whole number");
    if (value.intValue() < 1) {
      throw wrong(key, value, "a whole number of at least 1");
    }
    return value.intValue();
  }

  /** A whole number of at least 1, or {@code absent} where the key is missing or null. */
  public int size(String key, int absent) {
    return has(key) ? size(key) : absent;
  }

  /** A whole number, at least 0. */
  public int count(String key) {
    JsonNode value = need(key, n -> n.canConvertToInt() && n.isIntegralNumber(), "a whole number");
    if (value.intValue() < 0) {
      throw wrong(key, value, "a whole number of at least 0");
    }
    return value.intValue();
  }

  /** How many layers of a kind there are, 0 to 1000: a damaged number must not fill the memory. */
  public int layers(String key) {
    int layers = count(key);
    if (layers > MOST_LAYERS) {
      throw wrong(key, root.get(key), "a whole number of at most " + MOST_LAYERS);
    }
    return layers;
  }

  /** A whole number of at least 0, or {@code absent} where the key is missing or null. */
  public int count(String key, int absent) {
    return has(key) ? count(key) : absent;
  }

  /** Some whole numbers of at least 1, or {@code absent} where the key is missing or null. */
  public List<Integer> sizes(String key, @Nullable List<Integer> absent) {
    if (absent != null && !has(key)) {
      return absent;
    }
    JsonNode value = need(key, JsonNode::isArray, "a list of whole numbers");
    List<Integer> sizes = new ArrayList<>();
    for (JsonNode size : value) {
      if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 1) {
        throw wrong(key, value, "a list of whole numbers of at least 1");
      }
      sizes.add(size.intValue());
    }
    if (sizes.isEmpty()) {
      throw wrong(key, value, "a list of whole numbers of at least 1");
    }
    return sizes;
  }

  /** Some texts, or {@code absent} where the key is missing or null. */
  public List<String> texts(String key, List<String> absent) {
    if (!has(key)) {
      return absent;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : need(key, JsonNode::isArray, "a list of texts")) {
      texts.add(text.asText());
    }
    return texts;
  }

  /** A number. */
  public double number(String key) {
    return need(key, JsonNode::isNumber, "a number").doubleValue();
  }

  /** A number, or {@code absent} where the key is missing or null. */
  public double number(String key, double absent) {
    return has(key) ? number(key) : absent;
  }

  /** True or false, or {@code absent} where the key is missing or null. */
  public boolean flag(String key, boolean absent) {
    return has(key) ? need(key, JsonNode::isBoolean, "true or false").booleanValue() : absent;
  }

  /** A text, or {@code absent} where the key is missing or null. */
  public String text(String key, String absent) {
    return has(key) ? need(key, JsonNode::isTextual, "a text").textValue() : absent;
  }

  /**
   * Refuses a value that this engine does not compute.
   *
   * @throws CheckpointException unless {@code found} is one of {@code known}
   */
  public void only(String key, Object found, Object... known) {
    if (!List.of(known).contains(found)) {
      throw new CheckpointException(
          "\""
              + key
              + "\" is "
              + found
              + ", which this engine cannot run (it knows "
              + list(known)
              + ")",
          file,
          "Use a FLUX.1 checkpoint in diffusers' layout.");
    }
  }

  private static String list(Object... known) {
    return String.join(", ", java.util.Arrays.stream(known).map(String::valueOf).toList());
  }

  private boolean has(String key) {
    return root.hasNonNull(key);
  }

  private JsonNode need(String key, Predicate<JsonNode> kind, String wanted) {
    if (!has(key)) {
      throw new CheckpointException(
          "\"" + key + "\" is missing",
          file,
          "It must be " + wanted + "; copy the file again from where it came.");
    }
    JsonNode value = root.get(key);
    if (!kind.test(value)) {
      throw wrong(key, value, wanted);
    }
    return value;
  }

  private CheckpointException wrong(String key, JsonNode value, String wanted) {
    String shown = value.toString();
    return new CheckpointException(
        "\"" + key + "\" is " + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown),
        file,
        "It must be " + wanted + ".");
  }
}
