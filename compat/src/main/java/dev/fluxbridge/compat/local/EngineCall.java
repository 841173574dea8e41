package dev.fluxbridge.compat.local;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Call;
import dev.fluxbridge.legacy.flux.Noise;
import dev.fluxbridge.legacy.flux.Sampling;
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

  static Call of(ImageRequest request, List<Seed> seeds) {
    List<Sampling.Prompt> negative =
        request.trueCfgScale() > 1
            ? request.prompts().stream().flatMap(prompt -> negative(prompt).stream()).toList()
            : List.of();
    return new TextToImage(
        Sampling.builder()
            .prompts(
                request.prompts().stream()
                    .map(p -> new Sampling.Prompt(p.text(), p.second().orElse(p.text())))
                    .toList())
            .negativePrompts(negative)
            .embeddings(request.embeddings().map(EngineCall::embeddings))
            .size(request.width(), request.height())
            .steps(request.steps())
            .sigmas(request.sigmas())
            .guidanceScale(request.guidanceScale())
            .trueCfgScale(request.trueCfgScale())
            .imagesPerPrompt(request.imagesPerPrompt())
            .noise(seeds.stream().map(seed -> new Noise(seed.value(), seed.drawn())).toList())
            .latents(request.latents().map(EngineCall::floats))
            .maxSequenceLength(request.maxSequenceLength())
            .decode(request.output() == Output.PIXELS)
            .build());
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

  private static Optional<Sampling.Prompt> negative(Prompt prompt) {
    return prompt
        .negative()
        .map(text -> new Sampling.Prompt(text, prompt.negativeSecond().orElse(text)));
  }

  private static Sampling.Embeddings embeddings(ImageRequest.Embeddings given) {
    return new Sampling.Embeddings(
        floats(given.prompt()),
        floats(given.pooled()),
        given.negative().map(EngineCall::floats),
        given.negativePooled().map(EngineCall::floats));
  }
}
