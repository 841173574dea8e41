package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.array.Floats;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the transformer is told of the prompts, computed once a call. For use by one thread.
 *
 * <p>The part that the transformer itself computes waits for the first step, so that the text
 * encoders may have left the device by then.
 */
final class Conditioning {
  private final Parts parts;
  private final NDArray prompt;
  private final NDArray pooled;
  private @Nullable NDArray context;

  private Conditioning(Parts parts, NDArray prompt, NDArray pooled) {
    this.parts = parts;
    this.prompt = prompt;
    this.pooled = pooled;
  }

  /** The call's prompts or embeddings, each repeated for its pictures. */
  static Conditioning positive(Parts parts, NDManager own, Sampling call) {
    return call.embeddings()
        .map(given -> of(parts, own, given.prompt(), given.pooled()))
        .orElseGet(() -> encoded(parts, own, call, call.prompts()))
        .repeated(call.imagesPerPrompt());
  }

  /** The same for what is not to be drawn; empty if the call says nothing of it. */
  static Optional<Conditioning> negative(Parts parts, NDManager own, Sampling call) {
    Optional<Floats> prompt = call.embeddings().flatMap(Sampling.Embeddings::negative);
    Optional<Floats> pooled = call.embeddings().flatMap(Sampling.Embeddings::negativePooled);
    Optional<Conditioning> negative = Optional.empty();
    if (prompt.isPresent() && pooled.isPresent()) {
      negative = Optional.of(of(parts, own, prompt.get(), pooled.get()));
    } else if (!call.negativePrompts().isEmpty()) {
      negative = Optional.of(encoded(parts, own, call, call.negativePrompts()));
    }
    return negative.map(n -> n.repeated(call.imagesPerPrompt()));
  }

  private static Conditioning encoded(
      Parts parts, NDManager own, Sampling call, List<Sampling.Prompt> prompts) {
    List<String> clip = prompts.stream().map(Sampling.Prompt::clipText).toList();
    List<String> t5 = prompts.stream().map(Sampling.Prompt::t5Text).toList();
    NDArray pooled = parts.text().pooled(own, clip);
    return new Conditioning(parts, parts.text().encode(own, t5, call.maxSequenceLength()), pooled);
  }

  private static Conditioning of(Parts parts, NDManager own, Floats prompt, Floats pooled) {
    return new Conditioning(parts, parts.array(own, prompt), parts.array(own, pooled));
  }

  /** The text tokens as T5 says them, shape (B, T, width of T5). */
  NDArray prompt() {
    return prompt;
  }

  /** The whole text, shape (B, width of CLIP). */
  NDArray pooled() {
    return pooled;
  }

  /** The text tokens as the transformer's blocks want them, shape (B, T, D). */
  NDArray context() {
    NDArray now = context == null ? parts.transformer().contextEmbedder(prompt) : context;
    context = now;
    return now;
  }

  /** Another text of the same shape in place of this one, whose arrays are freed. */
  Conditioning withPrompt(Floats replacement) {
    NDArray other = parts.array(prompt.getManager(), replacement);
    prompt.close();
    if (context != null) {
      context.close();
    }
    return new Conditioning(parts, other, pooled);
  }

  /** This batch, then that one. */
  Conditioning and(Conditioning other) {
    return new Conditioning(parts, prompt.concat(other.prompt, 0), pooled.concat(other.pooled, 0));
  }

  /** Each prompt that many times, one after the other. */
  private Conditioning repeated(int times) {
    return times == 1
        ? this
        : new Conditioning(parts, prompt.repeat(0, times), pooled.repeat(0, times));
  }
}
