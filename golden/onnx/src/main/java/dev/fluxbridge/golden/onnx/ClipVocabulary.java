package dev.fluxbridge.golden.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.golden.GoldenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the tokenizer of a CLIP folder: {@code tokenizer.json}, or {@code vocab.json} with {@code
 * merges.txt}. Stateless.
 */
final class ClipVocabulary {
  private static final int LENGTH = 77;

  private ClipVocabulary() {}

  /** The files that decide over ids. */
  static List<Path> files(Path folder) {
    Path whole = folder.resolve("tokenizer.json");
    Path vocabulary = folder.resolve("vocab.json");
    Path merges = folder.resolve("merges.txt");
    if (Files.isRegularFile(whole)) {
      return List.of(whole);
    }
    if (Files.isRegularFile(vocabulary) && Files.isRegularFile(merges)) {
      return List.of(vocabulary, merges);
    }
    throw new GoldenException(
        "%s has neither tokenizer.json nor vocab.json with merges.txt: copy the whole folder as it was exported"
            .formatted(folder));
  }

  static ClipTokenizer read(Path folder) {
    List<Path> files = files(folder);
    JsonFile json = JsonFile.read(files.get(0));
    Map<String, Integer> ids = new HashMap<>();
    Map<String, Integer> ranks = new HashMap<>();
    if (files.size() == 1) {
      whole(json, ids, ranks);
    } else {
      json.root().properties().forEach(token -> ids.put(token.getKey(), id(json, token)));
      lines(files.get(1)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#version"))
          .forEach(line -> ranks.putIfAbsent(line, ranks.size()));
    }
    return new ClipTokenizer(ids, ranks, length(folder));
  }

  private static void whole(JsonFile json, Map<String, Integer> ids, Map<String, Integer> ranks) {
    JsonNode model = json.root().path("model");
    if (!model.path("end_of_word_suffix").asText().equals("</w>")) {
      throw json.wrong("model.end_of_word_suffix", "\"</w>\", so this tokenizer is not CLIP's");
    }
    model.path("vocab").properties().forEach(token -> ids.put(token.getKey(), id(json, token)));
    for (JsonNode added : json.root().path("added_tokens")) {
      ids.put(added.path("content").asText(), added.path("id").asInt());
    }
    for (JsonNode merge : model.path("merges")) {
      String halves =
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText();
      ranks.putIfAbsent(halves, ranks.size());
    }
  }

  private static int id(JsonFile json, Map.Entry<String, JsonNode> token) {
    if (!token.getValue().isInt()) {
      throw new GoldenException(
          "%s: the token '%s' has no whole number as its id"
              .formatted(json.file(), token.getKey()));
    }
    return token.getValue().intValue();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new GoldenException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** CLIP has 77 places for tokens; what has fewer says so. */
  private static int length(Path folder) {
    Path config = folder.resolve("tokenizer_config.json");
    if (!Files.isRegularFile(config)) {
      return LENGTH;
    }
    JsonFile json = JsonFile.read(config);
    double length = json.root().path("model_max_length").asDouble(LENGTH);
    if (!(length >= 2)) {
      throw json.wrong("model_max_length", "2 or more");
    }
    return (int) Math.min(length, LENGTH);
  }
}
