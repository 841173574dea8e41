package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import java.util.List;
import java.util.Optional;

/**
 * What the transformer is told of the prompts, computed once a call.
 *
 * @param prompt the text tokens as T5 says them, shape (B, T, width of T5)
 * @param pooled the whole text, shape (B, width of CLIP)
 * @param context the text tokens as the blocks want them, shape (B, T, D)
 */
record Conditioning(NDArray prompt, NDArray pooled, NDArray context) {

  /** The call's prompts or embeddings, each repeated for its pictures. */
  static Conditioning positive(Parts parts, NDManager own, Sampling call) {
    return call.embeddings()
        .map(given -> of(parts, array(own, given.prompt()), array(own, given.pooled())))
        .orElseGet(() -> encoded(parts, own, call, call.prompts()))
        .repeated(call.imagesPerPrompt());
  }

  /** The same for what is not to be drawn; empty if the call says nothing of it. */
  static Optional<Conditioning> negative(Parts parts, NDManager own, Sampling call) {
    Optional<Floats> prompt = call.embeddings().flatMap(Sampling.Embeddings::negative);
    Optional<Floats> pooled = call.embeddings().flatMap(Sampling.Embeddings::negativePooled);
    Optional<Conditioning> negative = Optional.empty();
    if (prompt.isPresent() && pooled.isPresent()) {
      negative = Optional.of(of(parts, array(own, prompt.get()), array(own, pooled.get())));
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
    return of(parts, parts.text().encode(own, t5, call.maxSequenceLength()), pooled);
  }

  private static Conditioning of(Parts parts, NDArray prompt, NDArray pooled) {
    return new Conditioning(prompt, pooled, parts.transformer().contextEmbedder(prompt));
  }

  private static NDArray array(NDManager own, Floats floats) {
    return own.create(floats.values(), shape(floats));
  }

  static Shape shape(Floats floats) {
    return new Shape(floats.shape().stream().mapToLong(Integer::longValue).toArray());
  }

  /** Another text of the same shape in place of this one, whose arrays are freed. */
  Conditioning withPrompt(Parts parts, Floats replacement) {
    NDArray other = prompt.getManager().create(replacement.values(), prompt.getShape());
    prompt.close();
    context.close();
    return of(parts, other, pooled);
  }

  /** This batch, then that one. */
  Conditioning and(Conditioning other) {
    return new Conditioning(
        prompt.concat(other.prompt, 0),
        pooled.concat(other.pooled, 0),
        context.concat(other.context, 0));
  }

  /** Each prompt that many times, one after the other. */
  private Conditioning repeated(int times) {
    return times == 1
        ? this
        : new Conditioning(
            prompt.repeat(0, times), pooled.repeat(0, times), context.repeat(0, times));
  }
}
