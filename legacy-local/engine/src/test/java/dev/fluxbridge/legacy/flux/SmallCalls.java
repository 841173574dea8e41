package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Sampling.Prompt;
import java.util.List;
import java.util.Optional;

/** Calls that take a few milliseconds: 32x32 pixels, 16 text positions, a fixed seed. */
final class SmallCalls {
  static final Prompt CROSS = Prompt.of("a small blue cross on a gray background");
  static final Prompt CIRCLE = Prompt.of("a large red circle on a white background");

  private SmallCalls() {}

  static TextToImage of(int steps) {
    return of(List.of(CROSS), steps, List.of(Noise.of(7)), true);
  }

  static TextToImage of(List<Prompt> prompts, int steps, List<Noise> noise, boolean decode) {
    return of(prompts, 32, 32, steps, noise, Optional.empty(), 16, decode);
  }

  static TextToImage of(
      List<Prompt> prompts,
      int width,
      int height,
      int steps,
      List<Noise> noise,
      Optional<Floats> latents,
      int maxSequenceLength,
      boolean decode) {
    return new TextToImage(
        new Sampling(
            prompts,
            List.of(),
            Optional.empty(),
            width,
            height,
            steps,
            List.of(),
            3.5,
            1,
            1,
            noise,
            latents,
            maxSequenceLength,
            1,
            decode));
  }
}
