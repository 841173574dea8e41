package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Weights;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls with the old defaults, to be varied. */
public final class Requests {
  public static final String DEV = "black-forest-labs/FLUX.1-dev";
  public static final String PROMPT = "a canary prompt about a fox";

  private Requests() {}

  public static ImageRequest of(String model, int images, Seed... seeds) {
    return request(model, List.of(Prompt.of(PROMPT)), 64, 64, 28, 3.5, 1, images, seeds);
  }

  public static ImageRequest request(
      String model,
      List<Prompt> prompts,
      int width,
      int height,
      int steps,
      double guidance,
      double trueCfg,
      int images,
      Seed... seeds) {
    return ImageRequest.builder(Pipeline.FLUX, Weights.of(model))
        .prompts(prompts)
        .size(width, height)
        .steps(steps)
        .guidanceScale(guidance)
        .trueCfgScale(trueCfg)
        .imagesPerPrompt(images)
        .seeds(List.of(seeds))
        .build();
  }

  public static Prompt prompt(
      String text,
      @Nullable String second,
      @Nullable String negative,
      @Nullable String negativeSecond) {
    return new Prompt(
        text,
        Optional.ofNullable(second),
        Optional.ofNullable(negative),
        Optional.ofNullable(negativeSecond));
  }
}
