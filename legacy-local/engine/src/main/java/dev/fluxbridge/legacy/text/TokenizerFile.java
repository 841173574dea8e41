package dev.fluxbridge.legacy.text;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A {@code tokenizer.json}, run by the Hugging Face tokenizers library. It neither cuts nor pads.
 *
 * <p>Safe for use by several threads; {@link #close()} must come after the last call.
 */
final class TokenizerFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HuggingFaceTokenizer tokenizer;
  private final JsonNode json;
  private final Path file;

  private TokenizerFile(HuggingFaceTokenizer tokenizer, JsonNode json, Path file) {
    this.tokenizer = tokenizer;
    this.json = json;
    this.file = file;
  }

  static TokenizerFile load(Path file) {
    return of(tree(Config.read(file)), file);
  }

  /** The tree of a file that was found to be JSON. */
  static JsonNode tree(Config read) {
    try {
      return JSON.readTree(read.json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Opens what a tokenizer.json would hold.
   *
   * @param origin where it comes from, for messages
   */
  static TokenizerFile of(JsonNode json, Path origin) {
    return new TokenizerFile(open(json.toString(), origin), json, origin);
  }

  private static HuggingFaceTokenizer open(String json, Path origin) {
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(json.getBytes(UTF_8)),
          Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          "the tokenizer cannot be read (" + e.getMessage() + ")",
          origin,
          "Copy it again from where it came.");
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "the tokenizers library does not start here: "
              + e
              + ". It needs a folder to unpack itself (DJL_CACHE_DIR).",
          e);
    }
  }

  /** The ids of a text with what the file puts around it. */
  long[] encode(String text) {
    return tokenizer.encode(wellFormed(text), true, false).getIds();
  }

  /** Native code takes no half of a surrogate pair; it becomes the replacement character. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(UTF_16), UTF_16);
  }

  /** The id of a token that the file lists as added. */
  long addedToken(String token) {
    for (JsonNode added : json.path("added_tokens")) {
      if (added.path("content").asText().equals(token)) {
        return added.path("id").asLong();
      }
    }
    throw new CheckpointException(
        "the token \"" + token + "\" is missing",
        file,
        "Take all tokenizer files from the same checkpoint.");
  }

  /**
   * Refuses a tokenizer that could give an id that its text encoder has no row for.
   *
   * @param vocabSize rows of the text encoder's table
   */
  void refuseIdsFrom(int vocabSize) {
    JsonNode vocab = json.path("model").path("vocab");
    long highest = vocab.isArray() ? vocab.size() - 1 : 0;
    if (vocab.isObject()) {
      for (JsonNode id : vocab) {
        highest = Math.max(highest, id.asLong());
      }
    }
    for (JsonNode added : json.path("added_tokens")) {
      highest = Math.max(highest, added.path("id").asLong());
    }
    if (highest >= vocabSize) {
      throw new CheckpointException(
          "the tokenizer gives ids up to " + highest + ", but the text encoder knows " + vocabSize,
          file,
          "Take tokenizers and text encoders from the same checkpoint.");
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
