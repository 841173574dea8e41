package dev.fluxbridge.pipelines.arguments;

import org.jspecify.annotations.Nullable;

/**
 * Drawing only around the mask.
 *
 * @param <A> the arguments of which pipeline
 */
public interface TakesMaskCrop<A> extends Takes<A> {
  /** Pixels around the mask to which everything is cropped; {@code null} for the whole picture. */
  default A paddingMaskCrop(@Nullable Integer paddingMaskCrop) {
    return with("padding_mask_crop", paddingMaskCrop);
  }
}
