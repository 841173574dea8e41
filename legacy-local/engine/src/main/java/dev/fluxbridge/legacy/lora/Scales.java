package dev.fluxbridge.legacy.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * alpha / rank of every layer. A layer without an alpha of its own has the file's first alpha, or
 * without any the first layer's rank: with ranks that differ this is seldom what the file's maker
 * meant, but it is what diffusers draws.
 *
 * <p>Source: diffusers 0.35, utils/peft_utils.py get_peft_kwargs, and peft's get_pattern_key.
 */
final class Scales {
  private static final String METADATA = "lora_adapter_metadata";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final double alpha;
  private final Map<String, Double> alphaPattern;
  private final boolean rankStabilised;

  private Scales(double alpha, Map<String, Double> alphaPattern, boolean rankStabilised) {
    this.alpha = alpha;
    this.alphaPattern = alphaPattern;
    this.rankStabilised = rankStabilised;
  }

  /**
   * @param ranks of the part's layers, in diffusers' order
   * @param alphas those of the file, by full names
   */
  static Scales of(
      Path file,
      String prefix,
      Map<String, Long> ranks,
      Map<String, Double> alphas,
      Map<String, String> metadata) {
    JsonNode config = config(file, metadata);
    JsonNode stored = config.path(prefix + "lora_alpha");
    Map<String, Double> pattern = new LinkedHashMap<>();
    if (stored.isNumber()) {
      config
          .path(prefix + "alpha_pattern")
          .properties()
          .forEach(own -> pattern.put(own.getKey(), own.getValue().asDouble()));
      boolean rankStabilised = config.path(prefix + "use_rslora").asBoolean();
      return new Scales(stored.asDouble(), pattern, rankStabilised);
    }
    alphas.forEach(
        (layer, own) -> {
          if (layer.startsWith(prefix)) {
            pattern.put(layer.substring(prefix.length()), own);
          }
        });
    double first =
        pattern.values().stream()
            .findFirst()
            .orElseGet(() -> ranks.values().stream().findFirst().orElse(1L).doubleValue());
    pattern.values().removeIf(own -> own == first);
    return new Scales(first, pattern, false);
  }

  private static JsonNode config(Path file, Map<String, String> metadata) {
    try {
      return JSON.readTree(metadata.getOrDefault(METADATA, "{}"));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "its metadata " + METADATA + " is not JSON", file, "Copy or download it again.");
    }
  }

  double of(String layer, long rank) {
    double own = alpha;
    for (Map.Entry<String, Double> pattern : alphaPattern.entrySet()) {
      String name = pattern.getKey();
      if (layer.equals(name.replaceFirst("^\\^", "")) || layer.endsWith("." + name)) {
        own = pattern.getValue();
        break;
      }
    }
    return own / (rankStabilised ? Math.sqrt((double) rank) : rank);
  }
}
