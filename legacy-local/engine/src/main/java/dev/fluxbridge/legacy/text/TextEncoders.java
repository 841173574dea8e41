package dev.fluxbridge.legacy.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Both tokenizers and both text encoders of a checkpoint: texts in, the transformer's inputs out.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class TextEncoders implements AutoCloseable {
  private final ClipTokenizer tokenizer;
  private final ClipTextEncoder textEncoder;
  private final T5Tokenizer tokenizer2;
  private final T5Encoder textEncoder2;

  private TextEncoders(
      ClipTokenizer tokenizer,
      ClipTextEncoder textEncoder,
      T5Tokenizer tokenizer2,
      T5Encoder textEncoder2) {
    this.tokenizer = tokenizer;
    this.textEncoder = textEncoder;
    this.tokenizer2 = tokenizer2;
    this.textEncoder2 = textEncoder2;
  }

  /**
   * Loads the four parts.
   *
   * @param placement where the weights go
   * @throws CheckpointException if one cannot be loaded
   */
  public static TextEncoders load(Checkpoint checkpoint, Placement placement) {
    Path clip = checkpoint.part("tokenizer", "CLIPTokenizer", "CLIPTokenizerFast");
    Path t5 = checkpoint.part("tokenizer_2", "T5Tokenizer", "T5TokenizerFast");
    ClipTextEncoder textEncoder =
        ClipTextEncoder.load(checkpoint.part("text_encoder", "CLIPTextModel"), placement);
    T5Encoder textEncoder2 =
        T5Encoder.load(checkpoint.part("text_encoder_2", "T5EncoderModel"), placement);
    boolean fast = checkpoint.names("tokenizer", "CLIPTokenizerFast");
    ClipTokenizer tokenizer = ClipTokenizer.load(clip, fast);
    try {
      tokenizer.refuseIdsFrom(textEncoder.vocabSize());
      if (tokenizer.length() < 2 || tokenizer.length() > textEncoder.maxPositions()) {
        throw new CheckpointException(
            "the tokenizer makes "
                + tokenizer.length()
                + " ids of a text, but the text encoder reads 2 to "
                + textEncoder.maxPositions(),
            clip,
            "Take tokenizers and text encoders from the same checkpoint.");
      }
      T5Tokenizer tokenizer2 = T5Tokenizer.load(t5);
      try {
        tokenizer2.refuseIdsFrom(textEncoder2.vocabSize());
        return new TextEncoders(tokenizer, textEncoder, tokenizer2, textEncoder2);
      } catch (RuntimeException | Error e) {
        tokenizer2.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /** CLIP, for whoever changes its weights. */
  public ClipTextEncoder textEncoder() {
    return textEncoder;
  }

  /** Width of what CLIP says. */
  public int pooledWidth() {
    return textEncoder.hiddenSize();
  }

  /** Width of what T5 says. */
  public int width() {
    return textEncoder2.dModel();
  }

  /** What CLIP says of whole texts, shape (B, D), owned by {@code manager}. */
  public NDArray pooled(NDManager manager, List<String> texts) {
    List<long[]> ids = new ArrayList<>();
    for (String text : texts) {
      ids.add(tokenizer.encode(text));
    }
    return textEncoder.encode(manager, ids);
  }

  /** What T5 says of every token, shape (B, length, D), owned by {@code manager}. */
  public NDArray encode(NDManager manager, List<String> texts, int length) {
    List<long[]> ids = new ArrayList<>();
    for (String text : texts) {
      ids.add(tokenizer2.encode(text, length));
    }
    return textEncoder2.encode(manager, ids);
  }

  @Override
  public void close() {
    tokenizer.close();
    tokenizer2.close();
  }
}
