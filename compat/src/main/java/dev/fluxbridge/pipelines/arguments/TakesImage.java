package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture to start from.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesImage<A> extends Takes<A> {
  /** The picture to start from or to edit; scaled to the size that is drawn. */
  default A image(@Nullable BufferedImage image) {
    return with("image", image);
  }

  /** One for each prompt. */
  default A image(List<BufferedImage> images) {
    return with("image", images);
  }

  /** Numbers from 0 to 1, shape (B, C, H, W), or (B, H, W, C) as numpy had it; latents too. */
  default A image(Tensor image) {
    return with("image", image);
  }
}
