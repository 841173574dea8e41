package dev.fluxbridge.pipelines.arguments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What not to draw.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesNegativePrompt<A> extends Takes<A> {
  /** What not to draw; an effect only with guidance for it. */
  default A negativePrompt(@Nullable String negativePrompt) {
    return with("negative_prompt", negativePrompt);
  }

  /** One for each prompt. */
  default A negativePrompt(List<String> negativePrompts) {
    return with("negative_prompt", negativePrompts);
  }
}
