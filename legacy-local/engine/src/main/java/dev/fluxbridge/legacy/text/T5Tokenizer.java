package dev.fluxbridge.legacy.text;

import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * T5TokenizerFast: text to the ids that T5 reads, padded.
 *
 * <p>It reads {@code tokenizer.json} only, and no {@code spiece.model}. Safe for use by several
 * threads; {@link #close()} must come after the last call.
 *
 * <p>Source: transformers 4.57, models/t5/tokenization_t5_fast.py.
 */
public final class T5Tokenizer implements AutoCloseable {
  private final TokenizerFile tokenizer;
  private final long pad;

  private T5Tokenizer(TokenizerFile tokenizer) {
    this.tokenizer = tokenizer;
    pad = tokenizer.addedToken("<pad>");
  }

  /**
   * Loads the part.
   *
   * @throws CheckpointException if tokenizer.json is missing or damaged
   */
  public static T5Tokenizer load(Path part) {
    Path file = part.resolve("tokenizer.json");
    if (!Files.exists(file) && Files.exists(part.resolve("spiece.model"))) {
      throw new CheckpointException(
          "there is a spiece.model but no tokenizer.json",
          part,
          "Save the tokenizer again with transformers' T5TokenizerFast, which writes both.");
    }
    return new T5Tokenizer(TokenizerFile.load(file));
  }

  /** The ids of a text, {@code length} of them: text cut to fit, end, padding. */
  public long[] encode(String text, int length) {
    long[] ids = tokenizer.encode(text);
    long[] padded = Arrays.copyOf(ids, length);
    if (ids.length > length) {
      padded[length - 1] = ids[ids.length - 1];
    } else {
      Arrays.fill(padded, ids.length, length, pad);
    }
    return padded;
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
