package dev.fluxbridge.legacy.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * CLIPTokenizer: text to the ids that CLIP reads, padded.
 *
 * <p>It cleans the text as transformers does where ftfy is not installed. Safe for use by several
 * threads; {@link #close()} must come after the last call.
 *
 * <p>Source: transformers 4.57, models/clip/tokenization_clip.py.
 */
public final class ClipTokenizer implements AutoCloseable {
  private static final String END = "<|endoftext|>";
  private static final String START = "<|startoftext|>";

  private final TokenizerFile tokenizer;
  private final boolean cleans;
  private final int length;
  private final long pad;

  private ClipTokenizer(TokenizerFile tokenizer, boolean cleans, int length, long pad) {
    this.tokenizer = tokenizer;
    this.cleans = cleans;
    this.length = length;
    this.pad = pad;
  }

  /**
   * Loads the part.
   *
   * @param fast whether the checkpoint names CLIPTokenizerFast
   * @throws CheckpointException if files are missing or damaged
   */
  public static ClipTokenizer load(Path part, boolean fast) {
    Path vocab = part.resolve("vocab.json");
    Path merges = part.resolve("merges.txt");
    Path ready = part.resolve("tokenizer.json");
    Path config = part.resolve("tokenizer_config.json");
    int length = 77;
    String padToken = END;
    if (Files.exists(config)) {
      Config names = Config.read(config);
      length = (int) Math.min(names.number("model_max_length", length), length);
      JsonNode pad = TokenizerFile.tree(names).path("pad_token");
      padToken = pad.isObject() ? pad.path("content").asText(END) : pad.asText(END);
    }
    boolean slow = Files.exists(vocab) && Files.exists(merges);
    if (Files.exists(ready) && (fast || !slow)) {
      TokenizerFile tokenizer = TokenizerFile.load(ready);
      return new ClipTokenizer(tokenizer, false, length, tokenizer.addedToken(padToken));
    }
    if (!slow) {
      throw new CheckpointException(
          "there is neither tokenizer.json nor vocab.json with merges.txt",
          part,
          "Copy the whole checkpoint folder as diffusers saved it.");
    }
    ClipVocabulary vocabulary = ClipVocabulary.read(vocab, merges);
    return new ClipTokenizer(
        TokenizerFile.of(vocabulary.tokenizerJson(START, END), part),
        true,
        length,
        vocabulary.id(padToken));
  }

  /** The ids of a text, always equally many: start, text cut to fit, end, padding. */
  public long[] encode(String text) {
    long[] ids = tokenizer.encode(cleans ? ClipText.cleaned(text) : text);
    long[] padded = Arrays.copyOf(ids, length);
    if (ids.length > length) {
      padded[length - 1] = ids[ids.length - 1];
    } else {
      Arrays.fill(padded, ids.length, length, pad);
    }
    return padded;
  }

  /** How many ids every text becomes. */
  int length() {
    return length;
  }

  /** Refuses ids that a text encoder of that many rows does not know. */
  void refuseIdsFrom(int vocabSize) {
    tokenizer.refuseIdsFrom(vocabSize);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
