package dev.fluxbridge.legacy.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json}, run by the Hugging Face tokenizers library. It neither cuts nor pads.
 *
 * <p>Safe for use by several threads; {@link #close()} must come after the last call.
 */
final class TokenizerFile implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final @Nullable Config json;
  private final Path file;

  private TokenizerFile(HuggingFaceTokenizer tokenizer, @Nullable Config json, Path file) {
    this.tokenizer = tokenizer;
    this.json = json;
    this.file = file;
  }

  static TokenizerFile load(Path file) {
    Config json = Config.read(file);
    return new TokenizerFile(open(json.root().toString(), file), json, file);
  }

  /**
   * @param json the text of a tokenizer.json
   * @param origin where it was made from, for messages
   */
  static TokenizerFile of(String json, Path origin) {
    return new TokenizerFile(open(json, origin), null, origin);
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
    }
  }

  /** The ids of a text with what the file puts around it. */
  long[] encode(String text) {
    return tokenizer.encode(text, true, false).getIds();
  }

  /** The id of a token that the file lists as added. */
  long addedToken(String token) {
    if (json != null) {
      for (JsonNode added : json.root().path("added_tokens")) {
        if (added.path("content").asText().equals(token)) {
          return added.path("id").asLong();
        }
      }
    }
    throw new CheckpointException(
        "the token \"" + token + "\" is missing",
        file,
        "Take all tokenizer files from the same checkpoint.");
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
