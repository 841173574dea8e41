package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A negative prompt with real classifier-free guidance.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesTrueCfg<A> extends Takes<A> {
  /** What T5 reads instead of the negative prompt. */
  default A negativePrompt2(@Nullable String negativePrompt2) {
    return with("negative_prompt_2", negativePrompt2);
  }

  /** One for each prompt. */
  default A negativePrompt2(List<String> negativePrompts2) {
    return with("negative_prompt_2", negativePrompts2);
  }

  /** Weight of the negative prompt; 1, the default, is off. Doubles the work. */
  default A trueCfgScale(double trueCfgScale) {
    return with("true_cfg_scale", trueCfgScale);
  }

  /** Encoded negative prompts, of the shape of the encoded prompts. */
  default A negativePromptEmbeds(@Nullable Tensor negativePromptEmbeds) {
    return with("negative_prompt_embeds", negativePromptEmbeds);
  }

  /** What CLIP says of the negative prompts. */
  default A negativePooledPromptEmbeds(@Nullable Tensor negativePooledPromptEmbeds) {
    return with("negative_pooled_prompt_embeds", negativePooledPromptEmbeds);
  }
}
