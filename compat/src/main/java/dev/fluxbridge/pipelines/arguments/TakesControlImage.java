package dev.fluxbridge.pipelines.arguments;

import dev.fluxbridge.providers.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A drawing to follow.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesControlImage<A> extends Takes<A> {
  /** Edges, depths or a pose to follow. */
  default A controlImage(@Nullable BufferedImage controlImage) {
    return with("control_image", controlImage);
  }

  /** One for each prompt. */
  default A controlImage(List<BufferedImage> controlImages) {
    return with("control_image", controlImages);
  }

  /** Numbers as the model takes them, -1 to 1, shape (B, C, H, W); they are not scaled. */
  default A controlImage(Tensor controlImage) {
    return with("control_image", controlImage);
  }
}
