package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import java.util.List;

/**
 * What the transformer is told of the prompts, computed once a call.
 *
 * @param context the text tokens, shape (B, T, D of the transformer)
 * @param pooled the whole text, shape (B, width of CLIP)
 */
record Conditioning(NDArray context, NDArray pooled) {

  static Conditioning of(
      NDManager own,
      List<TextToImage.Prompt> prompts,
      int maxSequenceLength,
      TextEncoders text,
      FluxTransformer transformer) {
    List<String> clip = prompts.stream().map(TextToImage.Prompt::clipText).toList();
    List<String> t5 = prompts.stream().map(TextToImage.Prompt::t5Text).toList();
    NDArray pooled = text.pooled(own, clip);
    try (NDArray encoded = text.encode(own, t5, maxSequenceLength)) {
      return new Conditioning(transformer.contextEmbedder(encoded), pooled);
    }
  }

  static Conditioning of(NDManager own, Floats prompt, Floats pooled, FluxTransformer transformer) {
    try (NDArray encoded = array(own, prompt)) {
      return new Conditioning(transformer.contextEmbedder(encoded), array(own, pooled));
    }
  }

  private static NDArray array(NDManager own, Floats floats) {
    long[] shape = floats.shape().stream().mapToLong(Integer::longValue).toArray();
    return own.create(floats.values(), new Shape(shape));
  }

  /** Each prompt that many times, one after the other. */
  Conditioning repeated(int times) {
    return times == 1 ? this : new Conditioning(context.repeat(0, times), pooled.repeat(0, times));
  }

  NDArray velocity(
      FluxTransformer transformer,
      NDArray latents,
      float timestep,
      float guidance,
      NDArray rotary) {
    return transformer.forward(latents, context, pooled, timestep, guidance, rotary);
  }
}
