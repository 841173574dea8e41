package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Latents of the masked picture.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesMaskedImageLatents<A> extends Takes<A> {
  /** Latents of the picture without its masked part, in place of encoding them. */
  default A maskedImageLatents(@Nullable Tensor maskedImageLatents) {
    return with("masked_image_latents", maskedImageLatents);
  }
}
