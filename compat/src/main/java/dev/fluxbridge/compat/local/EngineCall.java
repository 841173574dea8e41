package dev.fluxbridge.compat.local;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Noise;
import dev.fluxbridge.legacy.flux.TextToImage;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequest.Output;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Optional;

/** Says the same in the engine's words. Pure; copies no numbers. */
final class EngineCall {
  private EngineCall() {}

  static TextToImage of(ImageRequest request, List<Seed> seeds) {
    List<TextToImage.Prompt> negative =
        request.trueCfgScale() > 1
            ? request.prompts().stream().flatMap(prompt -> negative(prompt).stream()).toList()
            : List.of();
    return new TextToImage(
        request.prompts().stream()
            .map(p -> new TextToImage.Prompt(p.text(), p.second().orElse(p.text())))
            .toList(),
        negative,
        request.embeddings().map(EngineCall::embeddings),
        request.width(),
        request.height(),
        request.steps(),
        request.sigmas(),
        request.guidanceScale(),
        request.trueCfgScale(),
        request.imagesPerPrompt(),
        seeds.stream().map(seed -> new Noise(seed.value(), seed.drawn())).toList(),
        request.latents().map(EngineCall::floats),
        request.maxSequenceLength(),
        request.output() == Output.PIXELS);
  }

  static Tensor tensor(Floats floats) {
    return Tensor.of(floats.values(), sides(floats.shape()));
  }

  static Floats floats(Tensor tensor) {
    return Floats.of(tensor.values(), sides(tensor.shape()));
  }

  private static int[] sides(List<Integer> shape) {
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Optional<TextToImage.Prompt> negative(Prompt prompt) {
    return prompt
        .negative()
        .map(text -> new TextToImage.Prompt(text, prompt.negativeSecond().orElse(text)));
  }

  private static TextToImage.Embeddings embeddings(ImageRequest.Embeddings given) {
    return new TextToImage.Embeddings(
        floats(given.prompt()),
        floats(given.pooled()),
        given.negative().map(EngineCall::floats),
        given.negativePooled().map(EngineCall::floats));
  }
}
