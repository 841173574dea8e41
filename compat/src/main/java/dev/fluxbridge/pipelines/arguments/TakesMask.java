package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a picture.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesMask<A> extends Takes<A> {
  /** White is repainted, black stays; scaled to the size that is drawn. */
  default A maskImage(@Nullable BufferedImage maskImage) {
    return with("mask_image", maskImage);
  }

  /** One for each prompt. */
  default A maskImage(List<BufferedImage> maskImages) {
    return with("mask_image", maskImages);
  }

  /** Numbers from 0 to 1, shape (B, C, H, W), or (B, H, W, C) as numpy had it; also (H, W). */
  default A maskImage(Tensor maskImage) {
    return with("mask_image", maskImage);
  }
}
