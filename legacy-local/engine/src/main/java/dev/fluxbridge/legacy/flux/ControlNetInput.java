package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.picture.Images;
import java.util.Optional;

/**
 * One control picture and how strongly its ControlNet follows it.
 *
 * @param image one for all pictures, or one for each prompt; numbers are taken as they are, shape
 *     (B, 3, H, W), -1 to 1, and in text to image they rule the size that is drawn
 * @param mode the kind of control picture, for a union net and for no other
 * @param conditioningScale multiplies what the net adds
 * @param start share of the steps that are over before the net begins, 0 to 1
 * @param end share of the steps that are over when it ends, 0 to 1
 */
public record ControlNetInput(
    Images image, Optional<Integer> mode, double conditioningScale, double start, double end) {

  /** The old defaults: full strength from the first step to the last, no mode. */
  public static ControlNetInput of(Images image) {
    return new ControlNetInput(image, Optional.empty(), 1, 0, 1);
  }

  /** Whether the net adds anything at a step. */
  boolean acts(int step, int steps) {
    boolean within = !((double) step / steps < start) && !((double) (step + 1) / steps > end);
    return within && conditioningScale != 0;
  }
}
