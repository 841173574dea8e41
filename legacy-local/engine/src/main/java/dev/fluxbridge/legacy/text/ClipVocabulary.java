package dev.fluxbridge.legacy.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CLIP's {@code vocab.json} and {@code merges.txt}, written again as the one {@code tokenizer.json}
 * that the tokenizers library reads.
 *
 * <p>Source: CLIPConverter in transformers 4.57, convert_slow_tokenizer.py.
 */
final class ClipVocabulary {
  private static final String WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private final JsonNode vocab;
  private final Path file;
  private final List<String> merges;

  private ClipVocabulary(JsonNode vocab, Path file, List<String> merges) {
    this.vocab = vocab;
    this.file = file;
    this.merges = merges;
  }

  static ClipVocabulary read(Path vocab, Path merges) {
    try {
      List<String> lines = Files.readAllLines(merges);
      return new ClipVocabulary(
          TokenizerFile.tree(Config.read(vocab)),
          vocab,
          lines.stream().filter(l -> !l.isBlank() && !l.startsWith("#version")).toList());
    } catch (IOException e) {
      throw new CheckpointException(
          "the file cannot be read (" + e + ")", merges, "Copy it again from where it came.");
    }
  }

  long id(String token) {
    JsonNode id = vocab.path(token);
    if (!id.canConvertToLong()) {
      throw new CheckpointException(
          "the token \"" + token + "\" is missing",
          file,
          "Take all tokenizer files from the same checkpoint.");
    }
    return id.longValue();
  }

  JsonNode tokenizerJson(String start, String end) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode root = json.objectNode().put("version", "1.0");
    for (String token : List.of(start, end)) {
      root.withArray("added_tokens")
          .addObject()
          .put("id", id(token))
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putNull("normalizer");
    ObjectNode split = json.objectNode().put("type", "Split").put("behavior", "Removed");
    split.putObject("pattern").put("Regex", WORDS);
    split.put("invert", true);
    ObjectNode bytes =
        json.objectNode()
            .put("type", "ByteLevel")
            .put("add_prefix_space", false)
            .put("trim_offsets", true)
            .put("use_regex", false);
    root.putObject("pre_tokenizer")
        .put("type", "Sequence")
        .putArray("pretokenizers")
        .add(split)
        .add(bytes);
    ObjectNode post = root.putObject("post_processor").put("type", "RobertaProcessing");
    post.putArray("sep").add(end).add(id(end));
    post.putArray("cls").add(start).add(id(start));
    post.put("trim_offsets", false).put("add_prefix_space", false);
    root.set("decoder", bytes.deepCopy());
    ObjectNode model =
        root.putObject("model")
            .put("type", "BPE")
            .put("unk_token", end)
            .put("continuing_subword_prefix", "")
            .put("end_of_word_suffix", "</w>")
            .put("fuse_unk", false);
    model.set("vocab", vocab);
    merges.forEach(model.withArray("merges")::add);
    return root;
  }
}
